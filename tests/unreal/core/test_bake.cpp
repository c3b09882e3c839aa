#include "TalkFaceCore/Bake.h"
#include "bundle.h"
#include "check.h"

using namespace TalkFaceCore;
using core_test::Model;
using core_test::Rate;
using core_test::Speech;

namespace {

BakeOptions Options() {
  BakeOptions Made;
  Made.SampleRate = Rate;
  return Made;
}

std::vector<talkface_pose> Baked(const BakeOptions& Given) {
  std::vector<talkface_pose> Poses;
  talkface_error Error = talkface_error_init();
  CHECK(Bake(Model(), Speech().data(), Speech().size(), Given, Poses, &Error) == BakeResult::Done);
  CHECK(Error.status == TALKFACE_OK);
  return Poses;
}

float Sum(const std::vector<talkface_pose>& Poses, std::size_t Channel) {
  float Total = 0;
  for (const talkface_pose& Pose : Poses) Total += Pose.weights[Channel];
  return Total;
}

}  // namespace

TEST(a_bake_covers_the_sound_at_any_rate) {
  const double Seconds = static_cast<double>(Speech().size()) / Rate;
  for (const uint32_t Num : {24000u, 30000u, 60000u}) {
    BakeOptions Given = Options();
    Given.FrameRateNum = Num;
    Given.FrameRateDen = 1001;
    const std::vector<talkface_pose> Poses = Baked(Given);
    CHECK_NEAR(static_cast<double>(Poses.size()), Seconds * Num / 1001, 2.0);
    for (std::size_t I = 0; I < Poses.size(); ++I) {
      CHECK(Poses[I].frame == static_cast<int64_t>(I));
    }
    CHECK(Sum(Poses, 17) > 1);
  }
}

TEST(a_bake_obeys_knobs_emotion_and_style) {
  const std::vector<talkface_pose> Plain = Baked(Options());
  BakeOptions Given = Options();
  Given.Knobs.push_back({"lower_strength", 0.0f});
  CHECK(Sum(Baked(Given), 17) < 0.5f * Sum(Plain, 17));
  Given = Options();
  Given.Emotion = {{0, 1}};
  Given.EmotionWeight = 1;
  CHECK(Sum(Baked(Given), 23) > Sum(Plain, 23) + 1);
}

TEST(a_bake_can_be_ended) {
  struct Count {
    int Calls = 0;
    double Last = 0;
  } Seen;
  BakeOptions Given = Options();
  Given.User = &Seen;
  Given.Progress = [](void* User, double Share) {
    Count& Counted = *static_cast<Count*>(User);
    CHECK(Share > Counted.Last && Share <= 1);
    Counted.Last = Share;
    return ++Counted.Calls < 3;
  };
  std::vector<talkface_pose> Poses;
  CHECK(Bake(Model(), Speech().data(), Speech().size(), Given, Poses, nullptr) ==
        BakeResult::Cancelled);
  CHECK(Seen.Calls == 3);
}

TEST(a_bake_that_cannot_be_says_why) {
  std::vector<talkface_pose> Poses;
  talkface_error Error = talkface_error_init();
  BakeOptions Given = Options();
  Given.SampleRate = 10;
  CHECK(Bake(Model(), nullptr, 0, Given, Poses, &Error) == BakeResult::Failed);
  CHECK(Error.status == TALKFACE_ERROR_INVALID_ARGUMENT && Error.message[0] != '\0');
  Error = talkface_error_init();
  Given = Options();
  Given.Knobs.push_back({"no_such_knob", 0.0f});
  CHECK(Bake(Model(), Speech().data(), 10, Given, Poses, &Error) == BakeResult::Failed);
  CHECK(Error.status != TALKFACE_OK && Error.message[0] != '\0');
}

TEST(silence_of_no_length_is_no_frames) {
  std::vector<talkface_pose> Poses;
  CHECK(Bake(Model(), nullptr, 0, Options(), Poses, nullptr) == BakeResult::Done);
  CHECK(Poses.size() <= 1);
}
