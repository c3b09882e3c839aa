#include "anim/latent.h"

#include <algorithm>

#include "base/math.h"
#include "base/prng.h"

namespace talkface {
namespace {

constexpr std::uint64_t kStreams = 1000;  // past those of idle life
constexpr std::uint64_t kParts = 12;      // uniforms whose sum has variance 1
constexpr double kMoveSeconds = 0.25;     // half-life

}  // namespace

float Latent::draw(std::uint64_t phrase, std::uint64_t dimension) const {
  double sum = -0.5 * static_cast<double>(kParts);
  for (std::uint64_t part = 0; part < kParts; ++part) {
    sum += uniform_at(seed_, kStreams + dimension, phrase * kParts + part);
  }
  return static_cast<float>(sum);
}

void Latent::advance(double seconds, bool speaking) {
  if (speaking && state_.speaking == 0 && state_.begun != 0) ++state_.phrase;
  const float gain = state_.begun != 0 ? half_life_gain(seconds, kMoveSeconds) : 1.0f;
  for (std::size_t i = 0; i < size_; ++i) {
    state_.now[i] = lerp(state_.now[i], draw(state_.phrase, i), gain);
  }
  state_.speaking = speaking ? 1 : 0;
  state_.begun = 1;
}

bool sound(const Latent::State& s) {
  return std::all_of(s.now.begin(), s.now.end(), [](float x) { return x >= -6.0f && x <= 6.0f; }) &&
         s.speaking <= 1 && s.begun <= 1;
}

}  // namespace talkface
