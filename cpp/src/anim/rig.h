// The ARKit rig: fixed channel, emotion and viseme orders (docs/conventions.md).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace talkface {

constexpr std::size_t kChannelCount = 52;
constexpr std::size_t kEmotionCount = 8;
constexpr std::size_t kVisemeCount = 15;

extern const std::array<const char*, kChannelCount> kChannelNames;
extern const std::array<const char*, kEmotionCount> kEmotionNames;
extern const std::array<const char*, kVisemeCount> kVisemeNames;

// Index of a channel name, or -1.
int channel_index(std::string_view name);

// Indices into the canonical order, named as the channels are.
enum Channel : std::size_t {
  kEyeBlinkLeft = 0,
  kEyeLookDownLeft = 1,
  kEyeLookInLeft = 2,
  kEyeLookOutLeft = 3,
  kEyeLookUpLeft = 4,
  kEyeBlinkRight = 7,
  kEyeLookDownRight = 8,
  kEyeLookInRight = 9,
  kEyeLookOutRight = 10,
  kEyeLookUpRight = 11,
  kJawForward = 14,
  kJawOpen = 17,
  kMouthClose = 18,
  kMouthPucker = 20,
  kMouthLeft = 21,
  kMouthStretchRight = 30,
  kMouthRollLower = 31,
  kMouthRollUpper = 32,
  kMouthShrugUpper = 34,
  kMouthPressLeft = 35,
  kMouthPressRight = 36,
  kMouthLowerDownLeft = 37,
  kMouthLowerDownRight = 38,
  kMouthUpperUpLeft = 39,
  kMouthUpperUpRight = 40,
  kBrowInnerUp = 43,
  kBrowOuterUpLeft = 44,
  kBrowOuterUpRight = 45,
  kCheekPuff = 46,
  kNoseSneerLeft = 49,
  kNoseSneerRight = 50,
  kTongueOut = 51,
};

// Jaw, mouth, cheeks, nose and tongue: what speech drives. The others are eyes and brows.
constexpr bool is_lower_face(std::size_t channel) {
  return (channel >= kJawForward && channel <= kMouthUpperUpRight) ||
         (channel >= kCheekPuff && channel <= kTongueOut);
}

// One frame of a face, in the order of talkface_pose.
struct Frame {
  std::array<float, kChannelCount> weights{};
  std::array<float, 4> head_rotation{0.0f, 0.0f, 0.0f, 1.0f};
  std::array<float, 3> head_translation{};
  std::array<float, kEmotionCount> emotion{};
  float valence = 0.0f;
  float arousal = 0.0f;
  std::array<float, kVisemeCount> visemes{};
};

constexpr std::size_t kFrameFloats = sizeof(Frame) / sizeof(float);
static_assert(sizeof(Frame) == (52 + 4 + 3 + 8 + 2 + 15) * sizeof(float), "Frame is packed floats");

}  // namespace talkface
