#include <cstring>

#include "TalkFaceCore/MetaHumanMap.h"
#include "TalkFaceCore/PoseMap.h"
#include "check.h"

using namespace TalkFaceCore;

TEST(names_are_the_librarys_in_its_order) {
  for (uint32_t Index = 0; Index < ChannelCount; ++Index) {
    const std::string Ours = ArkitNames[Index];
    const std::string Theirs = talkface_channel_name(Index);
    CHECK(Ours.substr(1) == Theirs.substr(1));
    CHECK(Ours[0] == Theirs[0] - 'a' + 'A');
  }
}

TEST(positions_used_by_name_are_those_of_their_names) {
  CHECK(FindChannel("EyeLookDownLeft") == Channel::EyeLookDownLeft);
  CHECK(FindChannel("EyeLookInLeft") == Channel::EyeLookInLeft);
  CHECK(FindChannel("EyeLookOutLeft") == Channel::EyeLookOutLeft);
  CHECK(FindChannel("EyeLookUpLeft") == Channel::EyeLookUpLeft);
  CHECK(FindChannel("EyeLookDownRight") == Channel::EyeLookDownRight);
  CHECK(FindChannel("EyeLookInRight") == Channel::EyeLookInRight);
  CHECK(FindChannel("EyeLookOutRight") == Channel::EyeLookOutRight);
  CHECK(FindChannel("EyeLookUpRight") == Channel::EyeLookUpRight);
  CHECK(FindChannel("JawOpen") == Channel::JawOpen);
  CHECK(FindChannel("MouthClose") == Channel::MouthClose);
}

TEST(a_pose_map_drives_what_it_knows_and_says_what_it_does_not) {
  PoseMap Map;
  Map.Build({"Hat", "head_blendShapes.eyeBlink_L", "BS_JawOpen", "JawOpen_Corrective"});
  CHECK(Map.Matched().size() == 2);
  CHECK(Map.Unmatched() == std::vector<std::string>({"Hat", "JawOpen_Corrective"}));
  CHECK(Map.Missing().size() == ChannelCount - 2);
  CHECK(std::strcmp(Map.Missing()[0], "EyeLookDownLeft") == 0);
  CHECK(Map.Matched()[0].Target == 1 && Map.Matched()[0].Channel == 0);
  CHECK(Map.Matched()[1].Target == 2 && Map.Matched()[1].Channel == Channel::JawOpen);
}

TEST(a_pose_map_forgets_the_mesh_before) {
  PoseMap Map;
  Map.Build({"jawOpen", "Hat"});
  Map.Build({"mouthClose"});
  CHECK(Map.Matched().size() == 1 && Map.Unmatched().empty());
  CHECK(Map.Matched()[0].Channel == Channel::MouthClose);
}

TEST(two_targets_of_one_channel_are_both_driven) {
  PoseMap Map;
  Map.Build({"jawOpen", "face_JawOpen"});
  CHECK(Map.Matched().size() == 2);
  CHECK(Map.Missing().size() == ChannelCount - 1);
}

TEST(metahuman_controls_are_clipped_and_the_rest_are_neutral) {
  float Weights[ChannelCount] = {};
  Weights[Channel::JawOpen] = 1.5f;
  Weights[Channel::MouthClose] = -0.5f;
  float Controls[ControlCount];
  ToMetaHuman(Weights, Controls);
  float Sum = 0;
  for (std::size_t Index = 0; Index < ControlCount; ++Index) {
    if (std::strcmp(ControlNames[Index], "CTRL_expressions_jawOpen") == 0) {
      CHECK(Controls[Index] == 1.0f);
    }
    Sum += Controls[Index];
  }
  CHECK(Sum == 1.0f);
}
