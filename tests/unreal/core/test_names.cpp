#include <cstring>

#include "TalkFaceCore/KnobTable.h"
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
  CHECK(Map.NumTargets() == 4);
  CHECK(Map.Matched().size() == 2);
  CHECK(Map.Unmatched() == std::vector<std::string>({"Hat", "JawOpen_Corrective"}));
  CHECK(Map.Missing().size() == ChannelCount - 2);
  CHECK(std::strcmp(Map.Missing()[0], "EyeLookDownLeft") == 0);
  float Weights[ChannelCount] = {};
  Weights[0] = 0.25f;
  Weights[Channel::JawOpen] = 0.75f;
  float Out[4] = {7, 7, 7, 7};
  Map.Apply(Weights, Out);
  CHECK(Out[0] == 7 && Out[1] == 0.25f && Out[2] == 0.75f && Out[3] == 7);
}

TEST(a_pose_map_forgets_the_mesh_before) {
  PoseMap Map;
  Map.Build({"jawOpen", "Hat"});
  Map.Build({"mouthClose"});
  CHECK(Map.NumTargets() == 1 && Map.Matched().size() == 1 && Map.Unmatched().empty());
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

TEST(knobs_are_all_there_with_titles) {
  const std::vector<Knob> All = Knobs();
  CHECK(!All.empty() && All.size() == talkface_knob_count());
  for (const Knob& Each : All) {
    CHECK(Each.Min <= Each.Default && Each.Default <= Each.Max);
    CHECK(std::strlen(Each.Doc) > 0);
  }
  CHECK(KnobTitle("jaw_strength") == "Jaw Strength");
  CHECK(KnobTitle("gain") == "Gain");
}
