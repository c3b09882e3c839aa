// From the emotions that are heard to the mix that is shown: contrast, the few strongest,
// smoothing, strength, then direction and a bounded rate of change (docs/emotion.md).
#pragma once

#include <array>
#include <cstdint>

#include "anim/knobs.h"
#include "anim/rig.h"
#include "base/span.h"

namespace talkface {

// Shares of the emotions, in [0, 1]; neutral's, the first, is 1 minus the others.
using EmotionMix = std::array<float, kEmotionCount>;

constexpr EmotionMix kNeutralMix = {1.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f};

// Set neutral's share to what the others leave.
void complete(EmotionMix* mix);

// Whether every share lies in [0, 1] and they leave neutral no less than nothing.
[[nodiscard]] bool sound(const EmotionMix& mix);

// A mix that a host asks for, and how far it replaces what is heard, 0 to 1.
struct Direction {
  EmotionMix mix = kNeutralMix;
  float weight = 0.0f;
};

class Director {
 public:
  struct State {
    EmotionMix heard = kNeutralMix;     // of the last step, as probabilities
    EmotionMix smoothed = kNeutralMix;  // what is heard, before strength
    EmotionMix shown = kNeutralMix;
    float power = 0.0f;  // of the audio lately
    std::uint32_t begun = 0;
  };

  void reset() { state_ = State(); }
  // Nothing is heard: a gap, or a fresh utterance.
  void forget() {
    state_.heard = kNeutralMix;
    state_.power = 0.0f;
  }
  // What a step of `seconds` heard: probabilities (none: neutral), mean square of its audio, and
  // how sure it is that nobody speaks, 0 to 1. Quiet audio and silence give the prior, neutral.
  void hear(Span<const float> probabilities, float power, float silence, double seconds);
  // Go on by `seconds`.
  void advance(double seconds, const Direction& directed, const KnobValues& knobs);

  [[nodiscard]] const EmotionMix& shown() const { return state_.shown; }
  [[nodiscard]] const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  State state_;
};

// Whether a state from outside may be restored.
[[nodiscard]] bool sound(const Director::State& state);

}  // namespace talkface
