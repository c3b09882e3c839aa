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

std::uint32_t sample(Timeline* timeline, std::int64_t position, bool newest, Frame* frame) {
  double seconds = 0.0;
  return timeline->sample(position, newest, frame, &seconds);
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
  CHECK(sample(&timeline, 0, false, &frame) == Timeline::kEarly);
  CHECK_NEAR(frame.weights[0], 0.92f, 1e-6f);
  CHECK(sample(&timeline, 0, true, &frame) == 0);
  CHECK_NEAR(frame.weights[0], 0.99f, 1e-6f);
  CHECK(timeline.ready() == 8);
}

TEST(sampling_past_the_end_holds_then_eases) {
  Timeline timeline(50, {50, 1}, {50, 1}, 16000, false);
  for (int i = 0; i < 10; ++i) timeline.append(frame_of(0.8f));
  const std::int64_t last = 9 * 320;
  Frame frame;
  CHECK(sample(&timeline, last, false, &frame) == 0);
  CHECK(sample(&timeline, last + 1600 - 1, false, &frame) == Timeline::kHeld);
  CHECK(frame.weights[0] == 0.8f);
  CHECK(sample(&timeline, last + 3200, false, &frame) == Timeline::kEasing);
  CHECK_NEAR(frame.weights[0], 0.4f, 1e-3f);
  CHECK(sample(&timeline, last + 4800, false, &frame) == Timeline::kEasing);
  CHECK(frame.weights[0] == 0.0f);
  CHECK(sample(&timeline, INT64_MAX, false, &frame) == Timeline::kEasing);
  CHECK(sample(&timeline, -5, false, &frame) == 0);
}

TEST(clearing_forgets_the_readers_too) {
  Timeline timeline(50, {50, 1}, {50, 1}, 16000, false);
  for (int i = 0; i < 10; ++i) timeline.append(frame_of(0.8f));
  Frame frame;
  std::int64_t index = 0;
  double seconds = 0.0;
  CHECK(timeline.read(&frame, &index, &seconds));
  sample(&timeline, 3000, false, &frame);
  CHECK(timeline.last_seen() == 9);
  timeline.clear();
  CHECK(timeline.last_seen() == -1);
  CHECK(sample(&timeline, 0, false, &frame) == Timeline::kEmpty);
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

TEST(what_was_overwritten_stays_lost_after_a_rewind) {
  Timeline timeline(8, {50, 1}, {50, 1}, 16000, true);
  for (int i = 0; i < 100; ++i) timeline.append(frame_of(0.5f));
  timeline.rewind_to(94);  // frames 92 to 94 are still there
  Frame frame;
  CHECK(timeline.ready() == 3);
  CHECK(sample(&timeline, 0, false, &frame) == Timeline::kEarly && frame.weights[0] == 0.5f);
  for (int i = 0; i < 3; ++i) {
    std::int64_t index = 0;
    double seconds = 0.0;
    CHECK(timeline.read(&frame, &index, &seconds) && index == 92 + i);
  }
  CHECK(timeline.ready() == 0);
  timeline.rewind_to(20);  // nothing of that is left
  CHECK(timeline.ready() == 0);
  timeline.append(frame_of(0.25f));
  CHECK(sample(&timeline, 21 * 320, false, &frame) == 0 && frame.weights[0] == 0.25f);
}

TEST(ready_frames_can_be_read_whatever_happened) {
  std::uint32_t noise = 1;
  Timeline timeline(16, {50, 1}, {60, 1}, 16000, true);
  for (int round = 0; round < 2000; ++round) {
    noise = noise * 1664525u + 1013904223u;
    const std::uint32_t action = noise >> 28;
    if (action < 12) {
      timeline.append(frame_of(0.1f));
    } else if (action < 14) {
      timeline.rewind_to(timeline.last_seen() + static_cast<std::int64_t>((noise >> 20) % 5));
    } else if (action == 14) {
      Frame frame;
      sample(&timeline, (timeline.end() - 3) * 320, false, &frame);
    }
    Frame frame;
    std::int64_t index = 0;
    double seconds = 0.0;
    const std::uint64_t ready = timeline.ready();
    if (round % 7 == 0) {
      for (std::uint64_t i = 0; i < ready; ++i) CHECK(timeline.read(&frame, &index, &seconds));
      CHECK(!timeline.read(&frame, &index, &seconds));
    }
  }
}

TEST(the_pose_seen_is_the_one_that_sample_gave) {
  Timeline timeline(50, {50, 1}, {50, 1}, 16000, false);
  for (int i = 0; i < 10; ++i) timeline.append(frame_of(0.8f));
  Frame frame;
  CHECK(timeline.pose_seen().weights[0] == 0.0f);
  sample(&timeline, 9 * 320 + 3200, false, &frame);
  CHECK_NEAR(timeline.pose_seen().weights[0], frame.weights[0], 1e-3f);
  sample(&timeline, INT64_MAX, false, &frame);
  CHECK(timeline.pose_seen().weights[0] == 0.0f);
  CHECK(timeline.last_seen() == 9);
}

TEST(the_newest_pose_knows_its_time) {
  Timeline timeline(50, {50, 1}, {50, 1}, 16000, false);
  for (int i = 0; i < 10; ++i) timeline.append(frame_of(0.8f));
  Frame frame;
  double seconds = 0.0;
  timeline.sample(0, true, &frame, &seconds);
  CHECK_NEAR(seconds, 9 / 50.0, 1e-12);
}
