#include <vector>

#include "anim/postprocess.h"
#include "check.h"
#include "plain_face.h"

using namespace talkface;

namespace {

const std::vector<std::size_t> kChannels = {kJawOpen,         kMouthClose,         kMouthPressLeft,
                                            kMouthPressRight, kMouthLowerDownLeft, kBrowInnerUp};

Frame apply(PostProcess* post, const KnobValues& knobs, std::vector<float> weights, float closure,
            float silence = 0.0f) {
  std::vector<float> visemes(kVisemeCount, 0.0f);
  visemes[0] = silence;
  visemes[10] = 1.0f - silence;
  Frame frame;
  apply_plainly(post,
                {{weights.data(), weights.size()}, {visemes.data(), visemes.size()}, {}, &closure},
                {}, knobs, &frame);
  return frame;
}

void set(KnobValues* knobs, Knob knob, float value) {
  knobs->set(static_cast<std::size_t>(knob), value);
}

}  // namespace

TEST(a_closure_seals_the_lips_whatever_the_jaw_does) {
  const KnobValues knobs;
  PostProcess post({kChannels.data(), kChannels.size()}, 0.02);
  for (int i = 0; i < 20; ++i) apply(&post, knobs, {0.6f, 0.0f, 0.0f, 0.0f, 0.5f, 0.0f}, 0.0f);
  for (int i = 0; i < 2; ++i) apply(&post, knobs, {0.6f, 0.0f, 0.0f, 0.0f, 0.5f, 0.0f}, 0.9f);
  const Frame sealed = apply(&post, knobs, {0.6f, 0.0f, 0.0f, 0.0f, 0.5f, 0.0f}, 0.9f);
  CHECK(sealed.weights[kJawOpen] - sealed.weights[kMouthClose] <= 0.02f);
  CHECK(sealed.weights[kMouthPressLeft] >= 0.3f);
  CHECK(sealed.weights[kMouthLowerDownLeft] == 0.0f);
}

TEST(one_closure_does_not_flicker) {
  const KnobValues knobs;
  const float threshold = knobs.get(Knob::kClosureThreshold);
  PostProcess post({kChannels.data(), kChannels.size()}, 0.02);
  const std::vector<float> open = {0.3f, 0.0f, 0.0f, 0.0f, 0.2f, 0.0f};
  for (int i = 0; i < 3; ++i) apply(&post, knobs, open, 0.95f);
  for (int i = 0; i < 10; ++i) {
    const Frame frame = apply(&post, knobs, open, threshold);
    CHECK(frame.weights[kMouthPressLeft] >= 0.25f);
  }
  Frame frame;
  for (int i = 0; i < 4; ++i) frame = apply(&post, knobs, open, 0.05f);
  CHECK(frame.weights[kMouthPressLeft] < 0.05f);
  frame = apply(&post, knobs, open, 0.95f);
  CHECK(frame.weights[kMouthPressLeft] > 0.1f && frame.weights[kMouthPressLeft] < 0.34f);
}

TEST(a_wild_graph_gives_a_pose_in_range) {
  const KnobValues knobs;
  PostProcess post({kChannels.data(), kChannels.size()}, 0.02);
  const std::vector<float> wild = {7.0f, -3.0f, 3e38f, -3e38f, 2.0f, 9.0f};
  const std::vector<float> visemes(kVisemeCount, 5.0f);
  std::vector<float> emotion(kEmotionCount + 2, -4.0f);
  emotion[kEmotionCount] = 3e38f;
  const float closure = 1e30f;
  for (const bool raw : {false, true}) {
    Frame frame;
    const GraphFrame graph{{wild.data(), wild.size()},
                           {visemes.data(), visemes.size()},
                           {emotion.data(), emotion.size()},
                           &closure};
    if (raw) {
      post.copy_raw(graph, {}, &frame);
    } else {
      apply_plainly(&post, graph, {}, knobs, &frame);
    }
    for (const float weight : frame.weights) CHECK(weight >= 0.0f && weight <= 1.0f);
    for (const float viseme : frame.visemes) CHECK(viseme >= 0.0f && viseme <= 1.0f);
    for (const float share : frame.emotion) CHECK(share >= 0.0f && share <= 1.0f);
    CHECK(frame.valence == 1.0f && frame.arousal == -1.0f);
  }
}

TEST(mouth_close_never_exceeds_the_jaw) {
  const KnobValues knobs;
  PostProcess post({kChannels.data(), kChannels.size()}, 0.02);
  const Frame frame = apply(&post, knobs, {0.1f, 0.9f, 0.0f, 0.0f, 0.0f, 0.0f}, 0.0f);
  CHECK(frame.weights[kMouthClose] <= frame.weights[kJawOpen]);
}

TEST(smoothing_is_a_half_life_at_any_frame_rate) {
  for (const double rate : {25.0, 50.0, 100.0}) {
    KnobValues knobs;
    set(&knobs, Knob::kLowerSmoothing, 80.0f);
    PostProcess post({kChannels.data(), kChannels.size()}, 1.0 / rate);
    apply(&post, knobs, {0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f}, 0.0f);
    Frame frame;
    for (int i = 0; i < static_cast<int>(0.16 * rate + 0.5); ++i) {
      frame = apply(&post, knobs, {0.8f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f}, 0.0f);
    }
    CHECK_NEAR(frame.weights[kJawOpen], 0.6f, 1e-4f);  // two half-lives
  }
}

TEST(silence_brings_the_mouth_to_rest_and_leaves_the_brows) {
  const KnobValues knobs;
  PostProcess post({kChannels.data(), kChannels.size()}, 0.02);
  const std::vector<float> open = {0.5f, 0.0f, 0.0f, 0.0f, 0.0f, 0.7f};
  Frame frame;
  for (int i = 0; i < 20; ++i) frame = apply(&post, knobs, open, 0.0f);
  CHECK_NEAR(frame.weights[kJawOpen], 0.5f, 1e-3f);
  for (int i = 0; i < 15; ++i) frame = apply(&post, knobs, open, 0.0f, 1.0f);
  CHECK(frame.weights[kJawOpen] < 0.02f);  // shut, by the metric's definition
  CHECK_NEAR(frame.weights[kBrowInnerUp], 0.7f, 1e-3f);
  std::vector<float> ready = open;
  ready[0] = 0.01f;
  for (int i = 0; i < 15; ++i) frame = apply(&post, knobs, ready, 0.0f, 1.0f);
  CHECK_NEAR(frame.weights[kJawOpen], 0.01f, 1e-3f);
  for (int i = 0; i < 3; ++i) frame = apply(&post, knobs, open, 0.0f);
  CHECK(frame.weights[kJawOpen] > 0.45f);
}

TEST(what_may_be_silence_opens_no_mouth_that_was_silent) {
  const KnobValues knobs;
  PostProcess post({kChannels.data(), kChannels.size()}, 0.02);
  const std::vector<float> open = {0.2f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f};
  Frame frame;
  for (int i = 0; i < 50; ++i) frame = apply(&post, knobs, open, 0.0f, 1.0f);
  for (int i = 0; i < 3; ++i) frame = apply(&post, knobs, open, 0.0f, 0.65f);
  CHECK(frame.weights[kJawOpen] < 0.05f);
  for (int i = 0; i < 50; ++i) frame = apply(&post, knobs, open, 0.0f, 0.0f);
  for (int i = 0; i < 3; ++i) frame = apply(&post, knobs, open, 0.0f, 0.65f);
  CHECK(frame.weights[kJawOpen] > 0.15f);
}

TEST(strengths_scale_their_regions) {
  KnobValues knobs;
  set(&knobs, Knob::kLowerStrength, 0.5f);
  set(&knobs, Knob::kUpperStrength, 0.25f);
  PostProcess post({kChannels.data(), kChannels.size()}, 0.02);
  Frame frame;
  for (int i = 0; i < 30; ++i) {
    frame = apply(&post, knobs, {0.6f, 0.0f, 0.0f, 0.0f, 0.0f, 0.8f}, 0.0f);
  }
  CHECK_NEAR(frame.weights[kJawOpen], 0.3f, 1e-3f);
  CHECK_NEAR(frame.weights[kBrowInnerUp], 0.2f, 1e-3f);
}

TEST(knob_names_are_unique_and_ranges_hold_their_defaults) {
  for (std::size_t i = 0; i < kKnobCount; ++i) {
    CHECK(kKnobs[i].min_value <= kKnobs[i].default_value);
    CHECK(kKnobs[i].default_value <= kKnobs[i].max_value);
    CHECK(knob_index(kKnobs[i].name) == static_cast<int>(i));
  }
  CHECK(knob_index("nonsense") == -1);
}
