#include <cstring>
#include <string>

#include "TalkFaceCore/LiveLinkFrame.h"
#include "TalkFaceCore/MouthClose.h"
#include "check.h"

using namespace TalkFaceCore;

namespace {

std::size_t At(const char* Name) {
  std::size_t Index = 0;
  while (Index < MetaHumanValueCount && std::strcmp(MetaHumanName(Index), Name) != 0) ++Index;
  return Index;
}

talkface_pose Speaking() {
  talkface_pose Pose = talkface_pose_init();
  Pose.weights[Channel::JawOpen] = 0.5f;
  Pose.head_rotation[0] = 0.08715574f;  // ten degrees down
  Pose.head_rotation[3] = 0.9961947f;
  Pose.head_translation[1] = 0.02f;
  return Pose;
}

}  // namespace

TEST(a_metahuman_subject_has_all_controls_then_head_and_switches) {
  CHECK(MetaHumanValueCount == 260);
  for (std::size_t Index = 0; Index < ControlCount; ++Index) {
    CHECK(std::strncmp(MetaHumanName(Index), "CTRL_expressions_", 17) == 0);
  }
  CHECK(At("HeadControlSwitch") == 251 && At("DisableFaceOverride") == 259);
}

TEST(a_metahuman_frame_holds_the_head_in_bone_space) {
  float Out[MetaHumanValueCount];
  MetaHumanFrame(Speaking(), {}, Out);
  CHECK(Out[At("CTRL_expressions_jawOpen")] == 0.5f);
  CHECK(Out[At("HeadControlSwitch")] == 1);
  CHECK_NEAR(Out[At("HeadYaw")], 10.0f, 1e-4f);
  CHECK(Out[At("HeadRoll")] == 0 && Out[At("HeadPitch")] == 0);
  CHECK(Out[At("HeadTranslationZ")] == 0);
  CHECK(Out[At("MHFDSVersion")] == 1 && Out[At("DisableFaceOverride")] == 1);
}

TEST(head_options_are_obeyed_and_told) {
  float Out[MetaHumanValueCount];
  MetaHumanOptions Options;
  CHECK(std::string(HeadPoseMode(Options)) == "2");
  Options.bHeadTranslation = true;
  CHECK(std::string(HeadPoseMode(Options)) == "3");
  MetaHumanFrame(Speaking(), Options, Out);
  CHECK_NEAR(Out[At("HeadTranslationZ")], 2.0f, 1e-5f);
  Options.bHeadRotation = false;
  CHECK(std::string(HeadPoseMode(Options)) == "1");
  Options.bHeadTranslation = false;
  CHECK(std::string(HeadPoseMode(Options)) == "0");
  MetaHumanFrame(Speaking(), Options, Out);
  CHECK(Out[At("HeadControlSwitch")] == 0);
  CHECK(Out[At("HeadYaw")] == 0 && Out[At("HeadTranslationZ")] == 0);
}

TEST(only_a_pose_without_frames_is_neutral) {
  talkface_pose Pose = Speaking();
  CHECK(std::string(IsNeutralFrame(Pose)) == "false");
  Pose.flags = TALKFACE_POSE_EASING;
  CHECK(std::string(IsNeutralFrame(Pose)) == "false");
  Pose.flags = TALKFACE_POSE_EMPTY;
  CHECK(std::string(IsNeutralFrame(Pose)) == "true");
}

TEST(mouth_close_can_be_handed_to_the_jaw) {
  float Weights[ChannelCount] = {};
  Weights[Channel::JawOpen] = 0.5f;
  Weights[Channel::MouthClose] = 0.375f;
  HandleMouthClose(Weights, MouthCloseMode::Keep);
  CHECK(Weights[Channel::JawOpen] == 0.5f && Weights[Channel::MouthClose] == 0.375f);
  HandleMouthClose(Weights, MouthCloseMode::IntoJaw);
  CHECK(Weights[Channel::JawOpen] == 0.125f && Weights[Channel::MouthClose] == 0.0f);
  Weights[Channel::MouthClose] = 0.9f;
  HandleMouthClose(Weights, MouthCloseMode::IntoJaw);
  CHECK(Weights[Channel::JawOpen] == 0.0f);
}
