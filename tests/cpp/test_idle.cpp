#include <vector>

#include "anim/idle.h"
#include "check.h"

using namespace talkface;

TEST(blinks_come_at_a_human_rate) {
  const KnobValues knobs;
  Idle idle(11);
  int blinks = 0;
  bool shut = false;
  for (int i = 0; i < 50 * 600; ++i) {
    Frame frame;
    idle.apply(i / 50.0, knobs, &frame);
    const bool now = frame.weights[kEyeBlinkLeft] > 0.5f;
    blinks += now && !shut;
    shut = now;
  }
  CHECK(blinks > 10 * 10 && blinks < 10 * 30);
}

TEST(idle_life_is_a_function_of_time_and_seed) {
  const KnobValues knobs;
  Idle straight(3);
  std::vector<Frame> frames(500);
  for (int i = 0; i < 500; ++i)
    straight.apply(i / 50.0, knobs, &frames[static_cast<std::size_t>(i)]);
  Idle jumping(3);
  for (const int i : {7, 130, 131, 420}) {
    Frame frame;
    jumping.apply(i / 50.0, knobs, &frame);
    CHECK(frame.weights == frames[static_cast<std::size_t>(i)].weights);
    CHECK(frame.head_rotation == frames[static_cast<std::size_t>(i)].head_rotation);
  }
}

TEST(idle_life_stays_in_range) {
  const KnobValues knobs;
  Idle idle(5);
  for (int i = 0; i < 20000; ++i) {
    Frame frame;
    idle.apply(i / 50.0, knobs, &frame);
    for (const float weight : frame.weights) CHECK(weight >= 0.0f && weight <= 1.0f);
    const auto& q = frame.head_rotation;
    CHECK_NEAR(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3], 1.0f, 1e-5f);
    CHECK(q[3] > 0.998f);  // within 7 degrees of neutral
    CHECK(frame.weights[kJawOpen] == 0.0f);
  }
}
