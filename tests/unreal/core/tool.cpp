// What the core makes of what Python gives: tool names | arkit | unreal | metahuman | bake NUM DEN.
// Names come one a line; poses as raw float32: 52 weights, 4 of rotation, 3 of translation; audio
// as raw float32 at 16 kHz. Answers are numbers by line, values and poses raw float32.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "TalkFaceCore/Bake.h"
#include "TalkFaceCore/LiveLinkFrame.h"
#include "TalkFaceCore/Names.h"
#include "bundle.h"

namespace {

constexpr std::size_t PoseFloats = TALKFACE_CHANNEL_COUNT + 7;

void Write(const float* Values, std::size_t Count) {
  std::fwrite(Values, sizeof(float), Count, stdout);
}

int Names() {
  std::string Line;
  for (int Letter = std::getchar(); Letter != EOF; Letter = std::getchar()) {
    if (Letter != '\n') {
      Line.push_back(static_cast<char>(Letter));
      continue;
    }
    std::printf("%d\n", TalkFaceCore::FindChannel(Line));
    Line.clear();
  }
  return 0;
}

int Frames(const char* Kind) {
  float Given[PoseFloats];
  while (std::fread(Given, sizeof(float), PoseFloats, stdin) == PoseFloats) {
    talkface_pose Pose = talkface_pose_init();
    std::memcpy(Pose.weights, Given, sizeof(Pose.weights));
    std::memcpy(Pose.head_rotation, Given + TALKFACE_CHANNEL_COUNT, sizeof(Pose.head_rotation));
    std::memcpy(Pose.head_translation, Given + TALKFACE_CHANNEL_COUNT + 4,
                sizeof(Pose.head_translation));
    if (std::strcmp(Kind, "metahuman") == 0) {
      float Out[TalkFaceCore::MetaHumanValueCount];
      TalkFaceCore::MetaHumanFrame(Pose, {}, Out);
      Write(Out, TalkFaceCore::MetaHumanValueCount);
      continue;
    }
    float Out[TalkFaceCore::ValueCount];
    TalkFaceCore::ArkitFrame(Pose,
                             std::strcmp(Kind, "unreal") == 0
                                 ? TalkFaceCore::AngleConvention::UnrealArkit
                                 : TalkFaceCore::AngleConvention::LiveLinkFace,
                             Out);
    Write(Out, TalkFaceCore::ValueCount);
  }
  return 0;
}

int BakeSpeech(const char* Num, const char* Den) {
  TalkFaceCore::BakeOptions Options;
  Options.SampleRate = core_test::Rate;
  Options.FrameRateNum = static_cast<uint32_t>(std::atoi(Num));
  Options.FrameRateDen = static_cast<uint32_t>(std::atoi(Den));
  std::vector<talkface_pose> Poses;
  talkface_error Error = talkface_error_init();
  const std::vector<float>& Speech = core_test::Speech();
  if (TalkFaceCore::Bake(core_test::Model(), Speech.data(), Speech.size(), Options, Poses,
                         &Error) != TalkFaceCore::BakeResult::Done) {
    std::fprintf(stderr, "%s\n", Error.message);
    return 1;
  }
  for (const talkface_pose& Pose : Poses) {
    Write(Pose.weights, TALKFACE_CHANNEL_COUNT);
    Write(Pose.head_rotation, 4);
    Write(Pose.head_translation, 3);
  }
  return 0;
}

}  // namespace

int main(int Count, char** Words) {
  if (Count == 2 && std::strcmp(Words[1], "names") == 0) return Names();
  if (Count == 2) return Frames(Words[1]);
  if (Count == 4 && std::strcmp(Words[1], "bake") == 0) return BakeSpeech(Words[2], Words[3]);
  return 2;
}
