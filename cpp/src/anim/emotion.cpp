#include "anim/emotion.h"

#include <algorithm>

#include "base/math.h"

namespace talkface {
namespace {

// Mean squares of audio between which it counts as quiet: -60 and -50 dB below full scale.
constexpr float kQuiet = 1e-6f;
constexpr float kLoud = 1e-5f;
constexpr double kPowerSeconds = 0.3;  // half-life of the memory of louder audio
constexpr float kLeast = 1e-6f;        // smaller probabilities count as none
constexpr float kSlack = 1e-3f;        // rounding of mixes from outside

// p^power, renormalised.
EmotionMix contrast(const EmotionMix& mix, double power) {
  EmotionMix out{};
  double sum = 0.0;
  for (std::size_t i = 0; i < kEmotionCount; ++i) {
    if (mix[i] < kLeast) continue;
    const double bits = log2_positive(std::min(static_cast<double>(mix[i]), 1.0));
    const double raised = exp2_negative(-power * bits);
    out[i] = static_cast<float>(raised);
    sum += raised;
  }
  if (!(sum > 1e-30)) return kNeutralMix;
  for (float& share : out) share = static_cast<float>(static_cast<double>(share) / sum);
  return out;
}

// All but the `count` largest go to neutral; of equal ones the first stays.
void keep_largest(EmotionMix* mix, std::size_t count) {
  EmotionMix kept{};
  for (std::size_t n = 0; n < count; ++n) {
    const auto largest = std::max_element(mix->begin() + 1, mix->end());
    if (*largest <= 0.0f) break;
    kept[static_cast<std::size_t>(largest - mix->begin())] = *largest;
    *largest = 0.0f;
  }
  *mix = kept;
  complete(mix);
}

}  // namespace

void complete(EmotionMix* mix) {
  float sum = 0.0f;
  for (std::size_t i = 1; i < kEmotionCount; ++i) sum += (*mix)[i];
  (*mix)[0] = clamp01(1.0f - sum);
}

bool sound(const EmotionMix& mix) {
  float sum = 0.0f;
  for (const float share : mix) {
    if (!(share >= 0.0f && share <= 1.0f)) return false;
    sum += share;
  }
  return sum <= 1.0f + kSlack;
}

void Director::hear(Span<const float> probabilities, float power, float silence, double seconds) {
  const float kept = 1.0f - half_life_gain(seconds, kPowerSeconds);
  state_.power = std::max(is_finite(power) ? std::min(power, 1.0f) : 0.0f, state_.power * kept);
  state_.heard = kNeutralMix;
  if (probabilities.size < kEmotionCount) return;
  EmotionMix heard{};
  float sum = 0.0f;
  for (std::size_t i = 0; i < kEmotionCount; ++i) {
    heard[i] = is_finite(probabilities[i]) ? clamp01(probabilities[i]) : 0.0f;
    sum += heard[i];
  }
  if (sum < kLeast) return;
  const float presence = smoothstep(kQuiet, kLoud, state_.power) * (1.0f - silence);
  for (std::size_t i = 1; i < kEmotionCount; ++i) state_.heard[i] = presence * heard[i] / sum;
  complete(&state_.heard);
}

void Director::advance(double seconds, const Direction& directed, const KnobValues& knobs) {
  EmotionMix heard = contrast(state_.heard, knobs.get(Knob::kEmotionContrast));
  keep_largest(&heard, static_cast<std::size_t>(knobs.get(Knob::kMaxEmotions) + 0.5f));
  const float gain = half_life_gain(seconds, knobs.get(Knob::kEmotionSmoothing) * 1e-3);
  const float strength = knobs.get(Knob::kEmotionStrength);
  EmotionMix target{};
  for (std::size_t i = 1; i < kEmotionCount; ++i) {
    state_.smoothed[i] = lerp(state_.smoothed[i], heard[i], gain);
    target[i] = clamp01(lerp(strength * state_.smoothed[i], directed.mix[i], directed.weight));
  }
  complete(&state_.smoothed);
  complete(&target);
  float distance = 0.0f;
  for (std::size_t i = 0; i < kEmotionCount; ++i) {
    const float difference = target[i] - state_.shown[i];
    distance += 0.5f * std::max(difference, -difference);
  }
  const double transition = knobs.get(Knob::kEmotionTransition) * 1e-3;
  // A line begins with the emotion that it is directed to.
  if (state_.begun == 0 || distance * transition <= seconds) {
    state_.shown = target;
  } else {
    const auto share = static_cast<float>(seconds / (distance * transition));
    for (std::size_t i = 1; i < kEmotionCount; ++i) {
      state_.shown[i] = clamp01(lerp(state_.shown[i], target[i], share));
    }
    complete(&state_.shown);
  }
  state_.begun = 1;
}

bool sound(const Director::State& s) {
  return sound(s.heard) && sound(s.smoothed) && sound(s.shown) && s.power >= 0.0f &&
         s.power <= 1.0f && s.begun <= 1;
}

}  // namespace talkface
