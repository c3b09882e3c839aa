// Names of an ARKit face in Unreal's order: 52 channels, then nine angles (anchors-sdk.md 7b).
#pragma once

#include <array>
#include <cstddef>

#include "talkface/talkface.h"

namespace TalkFaceCore {

inline constexpr std::size_t ChannelCount = TALKFACE_CHANNEL_COUNT;
inline constexpr std::size_t RotationCount = 9;
inline constexpr std::size_t ValueCount = ChannelCount + RotationCount;

// ArkitNames: "EyeBlinkLeft" ... "TongueOut", "HeadYaw" ... "RightEyeRoll".
// EyeRadiansAtOne: how far an eye turns at an eyeLook weight of 1.
#include "TalkFaceCore/ArkitNames.inl"

namespace Channel {
// Positions used by name in this folder; a test compares them with ArkitNames.
inline constexpr std::size_t EyeLookDownLeft = 1, EyeLookInLeft = 2, EyeLookOutLeft = 3,
                             EyeLookUpLeft = 4, EyeLookDownRight = 8, EyeLookInRight = 9,
                             EyeLookOutRight = 10, EyeLookUpRight = 11, JawOpen = 17,
                             MouthClose = 18;
}  // namespace Channel

}  // namespace TalkFaceCore
