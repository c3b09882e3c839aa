// Counter-based random numbers: value i of a key never depends on what was drawn before.
#pragma once

#include <cstdint>

namespace talkface {

// SplitMix64 finaliser over (seed, stream, counter); uniform in [0, 1).
inline double uniform_at(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
  std::uint64_t z = seed * 0x9e3779b97f4a7c15ull + stream * 0xd1b54a32d192ed03ull +
                    counter * 0x2545f4914f6cdd1dull + 0x632be59bd9b4e019ull;
  for (int round = 0; round < 2; ++round) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    z ^= z >> 31;
  }
  return static_cast<double>(z >> 11) * (1.0 / 9007199254740992.0);
}

}  // namespace talkface
