// Idle life from a seed: blinks, gaze, head sway. A function of time and seed alone, so the same
// seed gives the same face at any chunking. Rates: papers-and-metrics.md 6.5.
#pragma once

#include <cstdint>

#include "anim/knobs.h"
#include "anim/rig.h"

namespace talkface {

class Idle {
 public:
  explicit Idle(std::uint64_t seed);

  void reset();
  // Add idle life to the frame at `seconds`, which must not go back between calls.
  void apply(double seconds, const KnobValues& knobs, Frame* frame);

 private:
  struct State {
    std::uint64_t blink_index, gaze_index;
    double blink_start, gaze_start, gaze_next;
    float gaze_from[2], gaze_to[2];
  };

  [[nodiscard]] double draw(std::uint64_t stream, std::uint64_t counter) const;
  void blink(double seconds, float strength, Frame* frame);
  void advance_gaze(double seconds);

  std::uint64_t seed_;
  State state_{};
};

}  // namespace talkface
