#include <vector>

#include "anim/timeline.h"
#include "check.h"

using namespace talkface;

namespace {

Frame frame_of(float value) {
  Frame frame;
  frame.weights[0] = value;
  return frame;
}

}  // namespace

TEST(reading_interpolates_on_the_output_grid) {
  Timeline timeline(50, {50, 1}, {60, 1}, 16000, false);
  for (int i = 0; i < 11; ++i) timeline.append(frame_of(static_cast<float>(i) / 100.0f));
  CHECK(timeline.ready() == 13);  // 12 / 60 s = 10 / 50 s is the last
  Frame frame;
  std::int64_t index = 0;
  double seconds = 0.0;
  for (int k = 0; k < 13; ++k) {
    CHECK(timeline.read(&frame, &index, &seconds));
    CHECK(index == k);
    CHECK_NEAR(seconds, k / 60.0, 1e-12);
    CHECK_NEAR(frame.weights[0], static_cast<float>(k) * 50.0f / 60.0f / 100.0f, 1e-6f);
  }
  CHECK(!timeline.read(&frame, &index, &seconds));
}

TEST(a_limit_holds_frames_back) {
  Timeline timeline(50, {50, 1}, {50, 1}, 16000, false);
  for (int i = 0; i < 11; ++i) timeline.append(frame_of(0.0f));
  timeline.set_limit(16000 / 50 * 5);
  CHECK(timeline.ready() == 5);
  timeline.set_limit(16000 / 50 * 5 + 1);
  CHECK(timeline.ready() == 6);
  timeline.set_limit(Timeline::kNoLimit);
  CHECK(timeline.ready() == 11);
}

TEST(room_follows_the_reader) {
  Timeline timeline(8, {50, 1}, {50, 1}, 16000, false);
  for (int i = 0; i < 8; ++i) {
    CHECK(timeline.room() == 8 - i);
    timeline.append(frame_of(0.0f));
  }
  CHECK(timeline.room() == 0);
  Frame frame;
  std::int64_t index = 0;
  double seconds = 0.0;
  CHECK(timeline.read(&frame, &index, &seconds));
  CHECK(timeline.room() == 1);
}

TEST(an_overwriting_timeline_keeps_the_newest) {
  Timeline timeline(8, {50, 1}, {50, 1}, 16000, true);
  for (int i = 0; i < 100; ++i) timeline.append(frame_of(static_cast<float>(i) / 100.0f));
  Frame frame;
  CHECK(timeline.sample(0, false, &frame) == Timeline::kEarly);
  CHECK_NEAR(frame.weights[0], 0.92f, 1e-6f);
  CHECK(timeline.sample(0, true, &frame) == 0);
  CHECK_NEAR(frame.weights[0], 0.99f, 1e-6f);
  CHECK(timeline.ready() == 8);
}

TEST(sampling_past_the_end_holds_then_eases) {
  Timeline timeline(50, {50, 1}, {50, 1}, 16000, false);
  for (int i = 0; i < 10; ++i) timeline.append(frame_of(0.8f));
  const std::int64_t last = 9 * 320;
  Frame frame;
  CHECK(timeline.sample(last, false, &frame) == 0);
  CHECK(timeline.sample(last + 1600 - 1, false, &frame) == Timeline::kHeld);
  CHECK(frame.weights[0] == 0.8f);
  CHECK(timeline.sample(last + 3200, false, &frame) == Timeline::kEasing);
  CHECK_NEAR(frame.weights[0], 0.4f, 1e-3f);
  CHECK(timeline.sample(last + 4800, false, &frame) == Timeline::kEasing);
  CHECK(frame.weights[0] == 0.0f);
  CHECK(timeline.sample(INT64_MAX, false, &frame) == Timeline::kEasing);
  CHECK(timeline.sample(-5, false, &frame) == 0);
}

TEST(clearing_forgets_the_readers_too) {
  Timeline timeline(50, {50, 1}, {50, 1}, 16000, false);
  for (int i = 0; i < 10; ++i) timeline.append(frame_of(0.8f));
  Frame frame;
  std::int64_t index = 0;
  double seconds = 0.0;
  CHECK(timeline.read(&frame, &index, &seconds));
  timeline.sample(3000, false, &frame);
  CHECK(timeline.last_seen() == 9);
  timeline.clear();
  CHECK(timeline.last_seen() == -1);
  CHECK(timeline.sample(0, false, &frame) == Timeline::kEmpty);
  timeline.append(frame_of(0.1f));
  CHECK(timeline.read(&frame, &index, &seconds) && index == 0);
}

TEST(rewinding_withdraws_frames) {
  Timeline timeline(50, {50, 1}, {50, 1}, 16000, false);
  for (int i = 0; i < 10; ++i) timeline.append(frame_of(0.8f));
  timeline.rewind_to(3);
  CHECK(timeline.end() == 4);
  timeline.append(frame_of(0.2f));
  Frame frame;
  CHECK(timeline.load(4, &frame) && frame.weights[0] == 0.2f);
}

TEST(rotations_blend_along_the_shorter_arc) {
  Frame a;
  Frame b;
  a.head_rotation = {0.0f, 0.0f, 0.0f, 1.0f};
  b.head_rotation = {0.0f, -0.6f, 0.0f, -0.8f};  // the same turn as (0, 0.6, 0, 0.8)
  const Frame middle = interpolate(a, b, 0.5f);
  CHECK(middle.head_rotation[1] > 0.25f && middle.head_rotation[3] > 0.9f);
  const auto& q = middle.head_rotation;
  CHECK_NEAR(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3], 1.0f, 1e-6f);
}
