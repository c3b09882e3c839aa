// The noise that a graph's head is made from: one seeded latent a phrase, moved to smoothly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace talkface {

class Latent {
 public:
  static constexpr std::size_t kMaxSize = 32;

  struct State {
    std::array<float, kMaxSize> now{};
    std::uint32_t phrase = 0;
    std::uint32_t speaking = 0;
    std::uint32_t begun = 0;
  };

  Latent(std::uint64_t seed, std::size_t size) : seed_(seed), size_(size) {}

  void reset() { state_ = State(); }
  // Go on by `seconds`; a phrase begins where `speaking` does.
  void advance(double seconds, bool speaking);

  [[nodiscard]] const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  [[nodiscard]] float draw(std::uint64_t phrase, std::uint64_t dimension) const;

  std::uint64_t seed_;
  std::size_t size_;
  State state_;
};

// Whether a state from outside may be restored.
[[nodiscard]] bool sound(const Latent::State& state);

}  // namespace talkface
