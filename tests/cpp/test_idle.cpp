#include <cmath>
#include <vector>

#include "anim/idle.h"
#include "check.h"

using namespace talkface;

namespace {

constexpr double kFrame = 1.0 / 50.0;

// Speech in sentences of two seconds with pauses of half a second: syllables four times a second,
// every sixth of them stressed.
Activity talking(int i) {
  const int in_sentence = i % 125;
  if (in_sentence >= 100) return {};
  const int syllable = in_sentence / 12;
  const float height = syllable % 6 == 1 ? 0.30f : 0.12f;
  const bool open = in_sentence % 12 < 6;
  return {1.0f, open ? height : 0.03f};
}

std::vector<Frame> play(Idle* idle, int first, int count, bool talk,
                        const KnobValues& knobs = KnobValues()) {
  std::vector<Frame> frames(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    idle->advance(talk ? talking(first + i) : Activity());
    idle->render((first + i) * kFrame, knobs, HeadPose(), &frames[static_cast<std::size_t>(i)]);
  }
  return frames;
}

std::vector<int> blinks_of(const std::vector<Frame>& frames) {
  std::vector<int> begun;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    const bool shuts = frames[i].weights[kEyeBlinkLeft] > 0.3f;
    if (shuts && frames[i - 1].weights[kEyeBlinkLeft] <= 0.3f) begun.push_back(static_cast<int>(i));
  }
  return begun;
}

bool same(const Frame& a, const Frame& b) {
  return a.weights == b.weights && a.head_rotation == b.head_rotation &&
         a.head_translation == b.head_translation;
}

}  // namespace

TEST(blinks_come_at_a_human_rate_and_oftener_in_talk) {
  constexpr int kMinutes = 20;
  Idle quiet(11, kFrame);
  Idle talker(11, kFrame);
  const double at_rest =
      static_cast<double>(blinks_of(play(&quiet, 0, 50 * 60 * kMinutes, false)).size());
  const double in_talk =
      static_cast<double>(blinks_of(play(&talker, 0, 50 * 60 * kMinutes, true)).size());
  // 17 and 26 a minute, double blinks on top.
  CHECK(at_rest / kMinutes > 15 && at_rest / kMinutes < 21);
  CHECK(in_talk / kMinutes > 22 && in_talk / kMinutes < 31);
}

TEST(blinks_like_the_beginnings_of_pauses) {
  Idle idle(4, kFrame);
  const std::vector<int> blinks = blinks_of(play(&idle, 0, 50 * 600, true));
  int at_pauses = 0;
  for (const int i : blinks) at_pauses += i % 125 >= 98 && i % 125 < 108;
  // A tenth of a second and as much again are 8 % of the time.
  CHECK(at_pauses * 100 > 20 * static_cast<int>(blinks.size()));
}

TEST(the_same_speech_and_seed_give_the_same_face) {
  Idle one(3, kFrame);
  Idle other(3, kFrame);
  const std::vector<Frame> frames = play(&one, 0, 500, true);
  const std::vector<Frame> again = play(&other, 0, 200, true);
  const Idle::State saved = other.state();
  play(&other, 200, 57, false);
  other.restore(saved);
  const std::vector<Frame> rest = play(&other, 200, 300, true);
  for (std::size_t i = 0; i < 200; ++i) CHECK(same(frames[i], again[i]));
  for (std::size_t i = 0; i < 300; ++i) CHECK(same(frames[200 + i], rest[i]));
  Idle stranger(4, kFrame);
  const std::vector<Frame> differs = play(&stranger, 0, 500, true);
  CHECK(!same(frames[499], differs[499]));
}

TEST(brows_follow_some_stresses_and_only_in_speech) {
  Idle idle(5, kFrame);
  float highest = 0.0f;
  int raises = 0;
  float before = 0.0f;
  for (const Frame& frame : play(&idle, 0, 50 * 60, true)) {
    const float up = frame.weights[kBrowInnerUp];
    raises += up > 0.05f && before <= 0.05f;
    highest = std::max(highest, up);
    before = up;
  }
  CHECK(raises >= 5 && raises <= 40);
  CHECK(highest > 0.1f && highest <= 0.22f + 1e-6f);
  Idle quiet(5, kFrame);
  for (const Frame& frame : play(&quiet, 0, 50 * 60, false))
    CHECK(frame.weights[kBrowInnerUp] == 0.0f);
}

TEST(silence_is_still_but_not_frozen) {
  Idle idle(6, kFrame);
  const std::vector<Frame> frames = play(&idle, 0, 50 * 20, false);
  float low = 1.0f;
  float high = -1.0f;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    low = std::min(low, frames[i].head_translation[1]);
    high = std::max(high, frames[i].head_translation[1]);
    CHECK(std::abs(frames[i].head_translation[1] - frames[i - 1].head_translation[1]) < 3e-4f);
  }
  CHECK(high - low > 1e-3f && high - low < 8e-3f);
}

TEST(every_layer_can_be_turned_off) {
  KnobValues off;
  for (const char* name :
       {"blink_strength", "gaze_strength", "sway_strength", "brow_strength", "breath_strength"}) {
    off.set(static_cast<std::size_t>(knob_index(name)), 0.0f);
  }
  Idle idle(7, kFrame);
  const Frame still;
  for (const Frame& frame : play(&idle, 0, 3000, true, off)) CHECK(same(frame, still));
}

TEST(idle_life_stays_in_range) {
  Idle idle(5, kFrame);
  for (const Frame& frame : play(&idle, 0, 20000, true)) {
    for (const float weight : frame.weights) CHECK(weight >= 0.0f && weight <= 1.0f);
    const auto& q = frame.head_rotation;
    CHECK_NEAR(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3], 1.0f, 1e-5f);
    CHECK(q[3] > 0.998f);  // within 7 degrees of neutral
    CHECK(frame.weights[kJawOpen] == 0.0f);
  }
}

TEST(only_sound_states_are_restored) {
  Idle idle(1, kFrame);
  play(&idle, 0, 100, true);
  CHECK(sound(idle.state()));
  CHECK(sound(Idle::State()));
  Idle::State bad = idle.state();
  bad.gaze_gap = std::nan("");
  CHECK(!sound(bad));
  bad = idle.state();
  bad.breath[0] = 1e9f;
  CHECK(!sound(bad));
}
