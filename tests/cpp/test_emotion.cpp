#include <vector>

#include "anim/emotion.h"
#include "anim/emotion_track.h"
#include "base/math.h"
#include "check.h"

using namespace talkface;

namespace {

void put(KnobValues* knobs, Knob knob, float value) {
  knobs->set(static_cast<std::size_t>(knob), value);
}

// Everything at once: what is heard is shown.
struct Plain : KnobValues {
  Plain() {
    KnobValues& knobs = *this;
    put(&knobs, Knob::kMaxEmotions, 7.0f);
    put(&knobs, Knob::kEmotionSmoothing, 0.0f);
    put(&knobs, Knob::kEmotionStrength, 1.0f);
    put(&knobs, Knob::kEmotionTransition, 0.0f);
  }
};

const std::vector<float> kHeard = {0.2f, 0.4f, 0.1f, 0.1f, 0.05f, 0.05f, 0.1f, 0.0f};

EmotionMix shown(const KnobValues& knobs, const std::vector<float>& heard, float power = 0.01f,
                 float silence = 0.0f) {
  Director director;
  director.hear({heard.data(), heard.size()}, power, silence, 0.02);
  director.advance(0.02, {}, knobs);
  return director.shown();
}

float sum(const EmotionMix& mix) {
  float total = 0.0f;
  for (const float share : mix) total += share;
  return total;
}

EmotionMix only(std::size_t emotion, float share = 1.0f) {
  EmotionMix mix{};
  mix[emotion] = share;
  complete(&mix);
  return mix;
}

EmotionKey key(std::int64_t sample, const EmotionMix& mix, float weight = 1.0f) {
  EmotionKey made;
  made.sample = sample;
  made.mix = mix;
  made.weight = weight;
  return made;
}

}  // namespace

TEST(log2_needs_no_library) {
  for (double x = 1e-6; x < 40.0; x *= 1.37) CHECK_NEAR(log2_positive(x), std::log2(x), 1e-12);
  CHECK(log2_positive(1.0) == 0.0 && log2_positive(0.25) == -2.0);
}

TEST(what_is_heard_is_shown) {
  const EmotionMix mix = shown(Plain(), kHeard);
  for (std::size_t i = 0; i < kEmotionCount; ++i) CHECK_NEAR(mix[i], kHeard[i], 1e-6f);
}

TEST(contrast_is_a_power) {
  Plain knobs;
  put(&knobs, Knob::kEmotionContrast, 2.0f);
  const EmotionMix mix = shown(knobs, kHeard);
  float squares = 0.0f;
  for (const float p : kHeard) squares += p * p;
  for (std::size_t i = 1; i < kEmotionCount; ++i) {
    CHECK_NEAR(mix[i], kHeard[i] * kHeard[i] / squares, 1e-6f);
  }
  put(&knobs, Knob::kEmotionContrast, 0.3f);
  CHECK(shown(knobs, kHeard)[1] < kHeard[1]);
}

TEST(few_emotions_show_at_once_and_the_rest_is_neutral) {
  Plain knobs;
  put(&knobs, Knob::kMaxEmotions, 2.0f);
  const EmotionMix mix = shown(knobs, kHeard);
  CHECK_NEAR(mix[1], 0.4f, 1e-6f);
  CHECK_NEAR(mix[2], 0.1f, 1e-6f);  // of three equal ones the first
  for (const std::size_t gone : {3u, 4u, 5u, 6u, 7u}) CHECK(mix[gone] == 0.0f);
  CHECK_NEAR(mix[0], 0.5f, 1e-6f);
}

TEST(strength_scales_what_is_heard_alone) {
  Plain knobs;
  put(&knobs, Knob::kEmotionStrength, 0.5f);
  CHECK_NEAR(shown(knobs, kHeard)[1], 0.2f, 1e-6f);
  Director director;
  director.advance(0.02, {only(2), 1.0f}, knobs);
  CHECK_NEAR(director.shown()[2], 1.0f, 1e-6f);
}

TEST(quiet_audio_and_silence_give_the_prior) {
  CHECK(shown(Plain(), kHeard, 1e-8f) == kNeutralMix);
  CHECK(shown(Plain(), kHeard, 0.01f, 1.0f) == kNeutralMix);
  CHECK(shown(Plain(), {}, 0.01f) == kNeutralMix);
  CHECK(shown(Plain(), std::vector<float>(8, 0.0f)) == kNeutralMix);
}

TEST(nothing_that_is_not_finite_comes_out) {
  const float nan = std::nanf("");
  const float inf = HUGE_VALF;
  for (const float bad : {nan, inf, -inf, 3e38f, -1.0f}) {
    std::vector<float> heard = kHeard;
    heard[1] = bad;
    for (const float power : {0.01f, bad}) {
      const EmotionMix mix = shown(KnobValues(), heard, power);
      CHECK(sound(mix));
      CHECK_NEAR(sum(mix), 1.0f, 1e-6f);
    }
  }
}

TEST(smoothing_of_emotions_is_a_half_life_at_any_rate) {
  for (const double rate : {12.5, 50.0, 100.0}) {
    Plain knobs;
    put(&knobs, Knob::kEmotionSmoothing, 160.0f);
    Director director;
    director.hear({kHeard.data(), kHeard.size()}, 0.01f, 0.0f, 0.02);
    for (int i = 0; i < static_cast<int>(0.32 * rate + 0.5); ++i) {
      director.advance(1.0 / rate, {}, knobs);
    }
    CHECK_NEAR(director.shown()[1], 0.75f * 0.4f, 1e-5f);
  }
}

TEST(a_full_change_takes_the_transition_at_any_rate) {
  for (const double rate : {12.5, 50.0, 100.0}) {
    Plain knobs;
    put(&knobs, Knob::kEmotionTransition, 800.0f);
    Director director;
    director.advance(1.0 / rate, {only(1), 1.0f}, knobs);
    CHECK(director.shown()[1] == 1.0f);  // a line begins as it is directed
    for (int i = 0; i < static_cast<int>(0.4 * rate + 0.5); ++i) {
      director.advance(1.0 / rate, {only(2), 1.0f}, knobs);
      CHECK_NEAR(sum(director.shown()), 1.0f, 1e-5f);
    }
    CHECK_NEAR(director.shown()[2], 0.5f, 0.01f);
    for (int i = 0; i < static_cast<int>(0.4 * rate + 1.5); ++i) {
      director.advance(1.0 / rate, {only(2), 1.0f}, knobs);
    }
    CHECK_NEAR(director.shown()[2], 1.0f, 1e-5f);
  }
}

TEST(direction_replaces_what_is_heard_by_its_weight) {
  for (const float weight : {0.0f, 0.25f, 1.0f}) {
    Director director;
    director.hear({kHeard.data(), kHeard.size()}, 0.01f, 0.0f, 0.02);
    director.advance(0.02, {only(3), weight}, Plain());
    CHECK_NEAR(director.shown()[1], (1.0f - weight) * 0.4f, 1e-6f);
    CHECK_NEAR(director.shown()[3], (1.0f - weight) * 0.1f + weight, 1e-6f);
  }
}

TEST(what_is_heard_fades_in_a_gap_and_what_is_directed_stays) {
  const KnobValues knobs;
  Director heard;
  Director directed;
  heard.hear({kHeard.data(), kHeard.size()}, 0.01f, 0.0f, 0.02);
  for (int i = 0; i < 100; ++i) {
    heard.advance(0.02, {}, knobs);
    directed.advance(0.02, {only(1), 1.0f}, knobs);
  }
  CHECK(heard.shown()[1] > 0.2f);
  heard.forget();
  directed.forget();
  for (int i = 0; i < 100; ++i) {
    heard.advance(0.02, {}, knobs);
    directed.advance(0.02, {only(1), 1.0f}, knobs);
  }
  CHECK(heard.shown()[1] < 0.01f);
  CHECK(directed.shown()[1] == 1.0f);
}

TEST(keys_are_joined_by_lines_and_the_last_one_holds) {
  EmotionQueue queue(512);
  EmotionTrack track(16000, 1024);
  CHECK(queue.push(key(1000, only(1), 0.0f)) && queue.push(key(2000, only(2), 1.0f)));
  track.admit(&queue, queue.written(), 0);
  const Direction constant{only(5), 0.5f};
  CHECK(track.at(999.0, constant).mix[5] == 1.0f);
  const Direction half = track.at(1500.0, constant);
  CHECK_NEAR(half.mix[1], 0.5f, 1e-6f);
  CHECK_NEAR(half.mix[2], 0.5f, 1e-6f);
  CHECK_NEAR(half.weight, 0.5f, 1e-6f);
  CHECK(track.at(1e9, constant).mix[2] == 1.0f && track.at(1e9, constant).weight == 1.0f);
}

TEST(a_key_replaces_those_behind_it_and_two_make_a_step) {
  EmotionQueue queue(512);
  EmotionTrack track(16000, 1024);
  for (const std::int64_t at : {0, 1000, 2000, 3000}) queue.push(key(at, only(1)));
  queue.push(key(1500, only(2)));
  queue.push(key(1500, only(4)));
  queue.push(key(1500, only(3)));
  track.admit(&queue, queue.written(), 0);
  CHECK(track.keys().size() == 4);
  CHECK(track.at(1500.0, {}).mix[3] == 1.0f);
  CHECK(track.at(1499.999, {}).mix[2] > 0.99f);
}

TEST(keys_that_can_not_matter_make_room) {
  EmotionQueue queue(512);
  EmotionTrack track(100, 1024);
  std::int64_t at = 0;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 500; ++i) CHECK(queue.push(key(at++, only(1))));
    track.admit(&queue, queue.written(), at);
    CHECK(track.keys().size() <= track.capacity());
  }
  CHECK(queue.consumed() == queue.written());
  CHECK(track.at(1e9, {}).mix[1] == 1.0f);
  for (int round = 0; round < 4; ++round) {
    while (queue.push(key(at, only(1)))) ++at;
    track.admit(&queue, queue.written(), 0);
  }
  CHECK(track.keys().size() == track.capacity());
  track.admit(&queue, queue.written(), 0);
  CHECK(queue.consumed() < queue.written());
}

TEST(keys_that_can_not_be_are_refused) {
  const float nan = std::nanf("");
  CHECK(EmotionTrack::accepts(key(0, only(1))));
  CHECK(!EmotionTrack::accepts(key(-1, only(1))));
  CHECK(!EmotionTrack::accepts(key(INT64_MAX, only(1))));
  for (const float bad : {-0.1f, 1.1f, nan}) {
    CHECK(!EmotionTrack::accepts(key(0, only(1), bad)));
    EmotionMix mix = only(1);
    mix[2] = bad;
    CHECK(!EmotionTrack::accepts(key(0, mix)));
  }
  EmotionMix much = only(1);
  much[2] = 0.5f;
  CHECK(!EmotionTrack::accepts(key(0, much)));
}

TEST(a_setting_is_read_as_it_was_written) {
  EmotionSetting setting;
  CHECK(setting.get({}).weight == 0.0f && setting.get({}).mix == kNeutralMix);
  setting.set({only(6), 0.75f});
  CHECK(setting.get({}).mix == only(6) && setting.get({}).weight == 0.75f);
}
