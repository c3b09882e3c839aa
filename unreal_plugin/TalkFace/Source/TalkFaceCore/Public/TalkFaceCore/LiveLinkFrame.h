// Values of Live Link subjects: an ARKit face, and a MetaHuman as its own sources describe it
// (anchors-sdk.md 7a, 7c). Names are static data, fixed once; values follow them one by one.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "TalkFaceCore/ArkitNames.h"
#include "TalkFaceCore/AxisConversion.h"
#include "TalkFaceCore/MetaHumanMap.h"

namespace TalkFaceCore {

inline constexpr std::array<const char*, 9> MetaHumanExtraNames = {
    {"HeadControlSwitch", "HeadRoll", "HeadPitch", "HeadYaw", "HeadTranslationX",
     "HeadTranslationY", "HeadTranslationZ", "MHFDSVersion", "DisableFaceOverride"}};
inline constexpr std::size_t MetaHumanValueCount = ControlCount + MetaHumanExtraNames.size();

// Name of a MetaHuman subject's value at 0 to MetaHumanValueCount - 1.
inline const char* MetaHumanName(std::size_t Index) {
  return Index < ControlCount ? ControlNames[Index] : MetaHumanExtraNames[Index - ControlCount];
}

namespace Detail {

// Yaw to the character's right and pitch down, in radians, of one eye's four channels.
inline YawPitchRoll EyeRadians(const float (&Weights)[ChannelCount], bool bLeft) {
  const std::size_t In = bLeft ? Channel::EyeLookInLeft : Channel::EyeLookInRight;
  const std::size_t Out = bLeft ? Channel::EyeLookOutLeft : Channel::EyeLookOutRight;
  const std::size_t Up = bLeft ? Channel::EyeLookUpLeft : Channel::EyeLookUpRight;
  const std::size_t Down = bLeft ? Channel::EyeLookDownLeft : Channel::EyeLookDownRight;
  const auto Weight = [&Weights](std::size_t Index) { return static_cast<double>(Weights[Index]); };
  const double Inward = bLeft ? 1.0 : -1.0;
  return {Inward * (Weight(In) - Weight(Out)) * EyeRadiansAtOne,
          (Weight(Down) - Weight(Up)) * EyeRadiansAtOne, 0.0};
}

}  // namespace Detail

// The 61 values of an ARKit subject. LiveLinkFace gives what `talkface live --livelink` sends, and
// what the phone app sends; UnrealArkit what the engine's own ARKit makes on a device. Eye angles
// are positive to the character's right and down in both. MetaHuman is no convention of an ARKit
// subject: see MetaHumanFrame.
inline void ArkitFrame(const talkface_pose& Pose, AngleConvention Convention,
                       float (&Out)[ValueCount]) {
  for (std::size_t Index = 0; Index < ChannelCount; ++Index) Out[Index] = Pose.weights[Index];
  std::array<YawPitchRoll, 3> Angles = {{HeadValues(HeadRotation(Pose), Convention),
                                         Detail::EyeRadians(Pose.weights, true),
                                         Detail::EyeRadians(Pose.weights, false)}};
  if (Convention == AngleConvention::UnrealArkit) {
    for (std::size_t Eye = 1; Eye < Angles.size(); ++Eye) {
      Angles[Eye].Yaw *= DegreesPerRadian / 180.0;
      Angles[Eye].Pitch *= DegreesPerRadian / 180.0;
    }
  }
  std::size_t At = ChannelCount;
  for (const YawPitchRoll& Each : Angles) {
    for (const double Value : {Each.Yaw, Each.Pitch, Each.Roll}) {
      Out[At++] = static_cast<float>(Value);
    }
  }
}

struct MetaHumanOptions {
  bool bHeadRotation = true;
  // Epic's translation is relative to a camera: leave it off unless the receiver wants it.
  bool bHeadTranslation = false;
};

// The 260 values of a MetaHuman subject. The head is in degrees of the head bone, its translation
// in centimetres.
inline void MetaHumanFrame(const talkface_pose& Pose, const MetaHumanOptions& Options,
                           float (&Out)[MetaHumanValueCount]) {
  float Controls[ControlCount];
  ToMetaHuman(Pose.weights, Controls);
  std::copy(std::begin(Controls), std::end(Controls), std::begin(Out));
  const YawPitchRoll Head = Options.bHeadRotation
                                ? HeadValues(HeadRotation(Pose), AngleConvention::MetaHuman)
                                : YawPitchRoll{};
  const Vector3 Moved =
      Options.bHeadTranslation ? ToMetaHumanMesh(HeadTranslation(Pose)) : Vector3{};
  const bool bHead = Options.bHeadRotation || Options.bHeadTranslation;
  const std::array<double, MetaHumanExtraNames.size()> Extra = {
      {bHead ? 1.0 : 0.0, Head.Roll, Head.Pitch, Head.Yaw, Moved.X, Moved.Y, Moved.Z, 1.0, 1.0}};
  for (std::size_t Index = 0; Index < Extra.size(); ++Index) {
    Out[ControlCount + Index] = static_cast<float>(Extra[Index]);
  }
}

// Frame metadata "HeadPoseMode": a decimal bit mask, camera-relative translation 1, orientation 2.
inline const char* HeadPoseMode(const MetaHumanOptions& Options) {
  static constexpr std::array<const char*, 4> Modes = {{"0", "1", "2", "3"}};
  return Modes[(Options.bHeadTranslation ? 1u : 0u) + (Options.bHeadRotation ? 2u : 0u)];
}

// Frame metadata "IsNeutralFrame": "true" until the first frame of speech is made.
inline const char* IsNeutralFrame(const talkface_pose& Pose) {
  return (Pose.flags & TALKFACE_POSE_EMPTY) != 0 ? "true" : "false";
}

}  // namespace TalkFaceCore
