// Idle life from a seed: blinks, gaze, brows on stress, breath, head sway. Goes frame by frame with
// what the mouth does; the same seed and speech give the same face at any chunking. Rates:
// papers-and-metrics.md 6.5.
#pragma once

#include <cstdint>

#include "anim/head.h"
#include "anim/knobs.h"
#include "anim/rig.h"

namespace talkface {

// What idle life goes with: whether somebody speaks, 0 to 1, and how far the jaw is open.
struct Activity {
  float voice = 0.0f;
  float jaw = 0.0f;
};

class Idle {
 public:
  // Everything that one frame hands to the next. All zeros: before the first frame.
  struct State {
    double blink_owed;   // grows to what the next blink needs
    double blink_since;  // seconds since the blink began
    double blink_wait;   // seconds that a blink has been waiting
    double gaze_since, gaze_gap;
    double brow_since;
    double breath_since;  // seconds into the breath
    float gaze_from[2], gaze_to[2];
    float jaw, jaw_mean;
    float brow_height;
    float breath[2];  // how full the lungs are, smoothed once and twice
    std::uint32_t begun, speaking;
    std::uint32_t blink_count, gaze_count, brow_count;
  };

  // `seconds`: time between frames.
  Idle(std::uint64_t seed, double seconds);

  void reset() { state_ = State(); }
  // Frames lie `seconds` apart from now on.
  void set_pace(double seconds);
  // Go to the next frame.
  void advance(const Activity& activity);
  // Add idle life to the frame that `advance` went to, at `time` seconds; the head sways about
  // `head`.
  void render(double time, const KnobValues& knobs, const HeadPose& head, Frame* frame) const;

  [[nodiscard]] const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  [[nodiscard]] double draw(std::uint64_t stream, std::uint64_t counter) const;
  void begin();
  void advance_blink(bool paused);
  void advance_gaze();
  void advance_brows(const Activity& activity);
  void advance_breath(bool paused);

  std::uint64_t seed_;
  double seconds_ = 0.0;
  float jaw_gain_ = 0.0f, breath_gain_ = 0.0f;
  State state_{};
};

// Whether a state from outside may be restored: finite, and nothing that would never end.
[[nodiscard]] bool sound(const Idle::State& state);

}  // namespace talkface
