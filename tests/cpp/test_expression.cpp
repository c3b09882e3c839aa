#include <vector>

#include "anim/expression.h"
#include "anim/head.h"
#include "anim/latent.h"
#include "anim/postprocess.h"
#include "anim/style.h"
#include "check.h"

using namespace talkface;

namespace {

std::vector<std::size_t> all_channels() {
  std::vector<std::size_t> list(kChannelCount);
  for (std::size_t i = 0; i < kChannelCount; ++i) list[i] = i;
  return list;
}

// A face whose expression may move every channel.
struct Face {
  std::vector<std::size_t> channels = {kJawOpen, kMouthClose, kMouthLowerDownLeft, kBrowInnerUp};
  std::vector<std::size_t> expressive = all_channels();
  std::vector<float> rest = std::vector<float>(kEmotionCount * kChannelCount, 0.0f);
  Expression expression{expressive, rest, 0.01};
  PostProcess post{{channels.data(), channels.size()}, 0.01};
  KnobValues knobs;
  Style style;

  Frame next(float jaw, float closure, float d, float silence = 0.0f) {
    const std::vector<float> weights = {jaw, 0.0f, 0.4f, 0.2f};
    std::vector<float> visemes(kVisemeCount, 0.0f);
    visemes[0] = silence;
    const std::vector<float> values(kChannelCount, d);
    Frame frame;
    post.apply({{weights.data(), weights.size()},
                {visemes.data(), visemes.size()},
                {},
                &closure,
                {values.data(), values.size()}},
               {}, knobs, style, &expression, &frame);
    return frame;
  }
  Frame after(int frames, float jaw, float closure, float d, float silence = 0.0f) {
    Frame frame;
    for (int i = 0; i < frames; ++i) frame = next(jaw, closure, d, silence);
    return frame;
  }
};

HeadPose head_of(const std::vector<float>& values) {
  return head_from_graph({values.data(), values.size()});
}

// Turned about y by `degrees`.
std::vector<float> turned(double degrees) {
  const double a = degrees * 3.14159265358979 / 180.0;
  return {static_cast<float>(std::cos(a)),
          0.0f,
          static_cast<float>(-std::sin(a)),
          0.0f,
          1.0f,
          0.0f,
          0.0f,
          0.0f,
          0.0f};
}

}  // namespace

TEST(closures_keep_their_depth_at_any_intensity) {
  for (float d = -1.0f; d <= 1.0f; d += 0.125f) {
    Face face;
    face.after(60, 0.5f, 0.0f, d);
    const Frame sealed = face.after(12, 0.5f, 1.0f, d);
    CHECK(sealed.weights[kJawOpen] - sealed.weights[kMouthClose] <= 1e-6f);
    CHECK(sealed.weights[kMouthPressLeft] >= 0.36f);
    CHECK(sealed.weights[kMouthLowerDownLeft] <= 1e-6f);
    CHECK(sealed.weights[kMouthUpperUpLeft] <= 1e-6f);
  }
}

TEST(no_weight_gets_to_one_by_expression_alone) {
  Face face;
  face.knobs.set(static_cast<std::size_t>(Knob::kExpressionStrength), 2.0f);
  face.style.expression = 2.0f;
  for (const float silence : {0.0f, 1.0f}) {
    const Frame frame = face.after(200, 0.5f, 0.0f, 1.0f, silence);
    for (const float weight : frame.weights) CHECK(weight < 1.0f);
    CHECK(frame.weights[23] > 0.95f);  // mouthSmileLeft
  }
}

TEST(expression_takes_headroom) {
  Face face;
  CHECK_NEAR(face.after(200, 0.5f, 0.0f, 0.5f).weights[kBrowInnerUp], 0.2f + 0.5f * 0.8f, 1e-4f);
  CHECK_NEAR(face.after(200, 0.5f, 0.0f, -0.5f).weights[kBrowInnerUp], 0.1f, 1e-4f);
}

TEST(the_mouth_speaks_and_smiles_in_silence) {
  Face face;
  Frame frame = face.after(200, 0.5f, 0.0f, 0.4f);
  CHECK_NEAR(frame.weights[kJawOpen], 0.5f, 1e-3f);  // untouched in speech
  CHECK_NEAR(frame.weights[kMouthPucker], 0.0f, 1e-3f);
  CHECK(frame.weights[kMouthClose] < 1e-6f && frame.weights[kTongueOut] == 0.0f);
  CHECK_NEAR(frame.weights[23], 0.4f, 1e-3f);
  frame = face.after(200, 0.5f, 0.0f, 0.4f, 1.0f);
  CHECK_NEAR(frame.weights[kMouthPucker], 0.4f, 1e-2f);
  CHECK(frame.weights[kMouthClose] < 1e-6f && frame.weights[kTongueOut] == 0.0f);
  // Sealed lips leave half of the corners.
  frame = face.after(20, 0.5f, 1.0f, 0.4f);
  CHECK_NEAR(frame.weights[23], 0.2f, 1e-3f);
}

TEST(the_end_of_an_utterance_keeps_the_smile) {
  Face face;
  Frame frame = face.after(200, 0.5f, 0.0f, 0.5f);
  face.post.close(0.0f, face.knobs, face.style, face.expression, &frame);
  CHECK_NEAR(frame.weights[kJawOpen], 0.0f, 1e-3f);
  CHECK_NEAR(frame.weights[23], 0.5f, 1e-3f);
  CHECK_NEAR(frame.weights[kBrowInnerUp], 0.6f, 1e-3f);  // not added twice
}

TEST(a_gap_shows_the_mix_at_rest) {
  Face face;
  for (std::size_t i = 0; i < kChannelCount; ++i) face.rest[kChannelCount + i] = 0.5f;
  Frame frame;
  EmotionMix happy{};
  happy[1] = 0.5f;
  happy[0] = 0.5f;
  for (int i = 0; i < 100; ++i) {
    frame = Frame();
    PostProcess::idle(happy, face.knobs, face.style, &face.expression, &frame);
  }
  CHECK_NEAR(frame.weights[23], 0.25f, 1e-4f);
  CHECK_NEAR(frame.weights[kJawOpen], 0.25f, 1e-4f);
}

TEST(wild_expressions_stay_in_range) {
  Face face;
  for (const float wild : {3e38f, -3e38f, 7.0f, -7.0f, std::nanf("")}) {
    const Frame frame = face.after(3, 0.5f, 0.5f, wild);
    for (const float weight : frame.weights) CHECK(weight >= 0.0f && weight <= 1.0f);
    CHECK(sound(face.expression.state()));
    Frame raw;
    const std::vector<float> values(kChannelCount, wild);
    face.expression.apply_raw({values.data(), values.size()}, &raw);
    for (const float weight : raw.weights) CHECK(weight >= 0.0f && weight <= 1.0f);
  }
}

TEST(a_style_scales_channels_and_says_where_they_rest) {
  Face face;
  face.style.gain[kJawOpen] = 0.5f;
  face.style.rest[23] = 0.2f;
  const Frame frame = face.after(100, 0.6f, 0.0f, 0.0f);
  CHECK_NEAR(frame.weights[kJawOpen], 0.3f, 1e-3f);
  CHECK_NEAR(frame.weights[23], 0.2f, 1e-3f);
  CHECK_NEAR(face.after(200, 0.6f, 0.0f, 0.0f, 1.0f).weights[23], 0.2f, 1e-3f);
}

TEST(a_rotation_of_six_numbers_becomes_a_quaternion) {
  for (const double degrees : {-170.0, -30.0, 0.0, 1.0, 15.0, 90.0, 179.0}) {
    const HeadPose pose = head_of(turned(degrees));
    CHECK_NEAR(pose.v[1], static_cast<float>(std::sin(degrees * 3.14159265358979 / 360.0)), 1e-6f);
    CHECK_NEAR(pose.v[0], 0.0f, 1e-6f);
    CHECK_NEAR(real_part(pose.v), std::cos(degrees * 3.14159265358979 / 360.0), 1e-3);
  }
  // Neither long nor at right angles.
  const HeadPose skewed = head_of({3, 0, 0, 5, 2, 0, 0.01f, 0.02f, 0.03f});
  CHECK_NEAR(skewed.v[0], 0.0f, 1e-6f);
  CHECK_NEAR(skewed.translation[2], 0.03f, 1e-6f);
}

TEST(what_is_no_rotation_is_none) {
  const float nan = std::nanf("");
  for (const std::vector<float>& bad :
       {std::vector<float>{0, 0, 0, 0, 1, 0, 0, 0, 0},
        std::vector<float>{1, 0, 0, 1, 0, 0, 0, 0, 0},
        std::vector<float>{1, 0, 0, 0, 0, 0, 0, 0, 0},
        std::vector<float>{nan, 0, 0, 0, 1, 0, 0, 0, 0}, std::vector<float>{}}) {
    const HeadPose pose = head_of(bad);
    for (const float x : pose.v) CHECK(x == 0.0f);
  }
  const HeadPose far = head_of({3e38f, 1e30f, 0, 0, 3e38f, 0, 3e38f, -9, 0});
  for (const float x : far.v) CHECK(x >= -1.0f && x <= 1.0f);
  CHECK(far.translation[0] <= 0.2f && far.translation[1] >= -0.2f);
}

TEST(the_head_turns_by_at_most_twenty_degrees) {
  const HeadPose wide = limited(head_of(turned(80.0)), 2.0f);
  CHECK_NEAR(wide.v[1], 0.1736482f, 1e-6f);
  const HeadPose half = limited(head_of(turned(10.0)), 0.5f);
  CHECK_NEAR(half.v[1], 0.5f * std::sin(5.0f * 3.14159265f / 180.0f), 1e-6f);
}

TEST(the_head_lets_go_without_a_jump) {
  HeadMotion motion(0.01);
  HeadPose graph;
  graph.v[1] = 0.1f;
  motion.advance(&graph);
  CHECK(motion.pose().v[1] == 0.1f);
  float last = 0.1f;
  for (int i = 0; i < 35; ++i) {
    motion.advance(nullptr);
    CHECK(last - motion.pose().v[1] < 0.003f);
    last = motion.pose().v[1];
  }
  CHECK_NEAR(last, 0.05f, 1e-4f);  // a half-life
  graph.v[1] = -0.1f;
  motion.advance(&graph);
  CHECK(last - motion.pose().v[1] < 0.005f);
  for (int i = 0; i < 500; ++i) motion.advance(&graph);
  CHECK_NEAR(motion.pose().v[1], -0.1f, 1e-4f);
}

TEST(latents_are_seeded_about_normal_and_never_jump) {
  double sum = 0.0;
  double squares = 0.0;
  const int phrases = 400;
  for (int seed = 0; seed < phrases; ++seed) {
    Latent latent(static_cast<std::uint64_t>(seed), 4);
    latent.advance(0.02, false);
    for (std::size_t i = 0; i < 4; ++i) {
      sum += latent.state().now[i];
      squares += latent.state().now[i] * latent.state().now[i];
    }
  }
  CHECK_NEAR(sum / (4 * phrases), 0.0, 0.1);
  CHECK_NEAR(squares / (4 * phrases), 1.0, 0.15);
  Latent a(3, 2);
  Latent b(3, 2);
  a.advance(0.02, false);
  b.advance(0.02, false);
  const float first = a.state().now[0];
  CHECK(first == b.state().now[0]);
  float last = first;
  for (int i = 0; i < 100; ++i) {
    a.advance(0.02, true);
    b.advance(0.02, false);
    CHECK(std::fabs(a.state().now[0] - last) < 0.5f);
    last = a.state().now[0];
  }
  CHECK(a.state().phrase == 1 && last != first);
  CHECK(b.state().now[0] == first);
}
