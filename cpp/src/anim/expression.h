// What emotion adds to a face: signed shares of headroom, smoothed, kept away from what the mouth
// says.
#pragma once

#include <array>
#include <vector>

#include "anim/emotion.h"
#include "anim/rig.h"
#include "base/span.h"

namespace talkface {

class Expression {
 public:
  struct State {
    std::array<float, kChannelCount> d{};  // in [-1, 1], of each channel
    float mouth = 1.0f;                    // how much the mouth rests, smoothed
    float begun = 0.0f;
  };

  // `channels`: canonical index of each channel that has an expression. `rest`: in silence, one row
  // of them for each emotion. Both outlive this. `seconds`: time between frames.
  Expression(const std::vector<std::size_t>& channels, const std::vector<float>& rest,
             double seconds)
      : channels_(channels), rest_(rest), seconds_(seconds) {}

  void reset() { state_ = State(); }
  // Frames lie `seconds` apart from now on.
  void set_pace(double seconds) { seconds_ = seconds; }
  // Go to the next frame. `values`: one a channel, times `gain`. `mouth_rests`: 1 in silence.
  void advance(Span<const float> values, float gain, float mouth_rests);
  // The same in a gap, where no graph says what a mix looks like.
  void advance(const EmotionMix& mix, float gain);
  // Add the expression to a face whose lips are sealed as far as `seal`.
  void apply(float seal, Frame* frame) const;
  // Add the values of a graph as they are.
  void apply_raw(Span<const float> values, Frame* frame) const;

  [[nodiscard]] const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  const std::vector<std::size_t>& channels_;
  const std::vector<float>& rest_;
  double seconds_;
  State state_;
};

// Whether a state from outside may be restored.
[[nodiscard]] bool sound(const Expression::State& state);

}  // namespace talkface
