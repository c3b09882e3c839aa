// Layers of a face by region: authored animation and speech, the one over the other.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "TalkFaceCore/ArkitNames.h"
#include "TalkFaceCore/AxisConversion.h"

namespace TalkFaceCore {

namespace Region {
inline constexpr uint32_t Lips = 1, Jaw = 2, Eyes = 4, Brows = 8, Cheeks = 16, Head = 32, All = 63;
}  // namespace Region

// Region of a channel by its name: mouth and tongue are lips, the nose goes with the cheeks.
constexpr uint32_t RegionOf(std::size_t Index) {
  const std::string_view Name = ArkitNames[Index];
  const std::string_view Four = Name.substr(0, 4);
  if (Name.substr(0, 3) == "Jaw") return Region::Jaw;
  if (Name.substr(0, 3) == "Eye") return Region::Eyes;
  if (Four == "Brow") return Region::Brows;
  if (Four == "Chee" || Four == "Nose") return Region::Cheeks;
  return Region::Lips;
}

struct Face {
  float Weights[ChannelCount] = {};
  Quaternion HeadRotation;  // in TalkFace's space, as a pose has it
  Vector3 HeadTranslation;  // metres
};

inline Face FaceOf(const talkface_pose& Pose) {
  Face Made;
  std::copy(std::begin(Pose.weights), std::end(Pose.weights), std::begin(Made.Weights));
  Made.HeadRotation = HeadRotation(Pose);
  Made.HeadTranslation = HeadTranslation(Pose);
  return Made;
}

enum class LayerMode {
  Override,  // blends towards the layer
  Additive   // fills the headroom that is left, so that nothing clips and the order is kept
};

struct Layer {
  Face Values;
  uint32_t Regions = Region::All;
  int32_t Priority = 0;  // higher ones are applied later; of equal ones the later in the list
  LayerMode Mode = LayerMode::Override;
  float Weight = 1.0f;  // 0 to 1
};

inline Quaternion Multiply(const Quaternion& A, const Quaternion& B) {
  return {
      A.W * B.X + A.X * B.W + A.Y * B.Z - A.Z * B.Y, A.W * B.Y - A.X * B.Z + A.Y * B.W + A.Z * B.X,
      A.W * B.Z + A.X * B.Y - A.Y * B.X + A.Z * B.W, A.W * B.W - A.X * B.X - A.Y * B.Y - A.Z * B.Z};
}

// Along the shorter arc; Share 0 gives A, 1 gives B.
inline Quaternion Slerp(const Quaternion& A, Quaternion B, double Share) {
  double Cosine = A.X * B.X + A.Y * B.Y + A.Z * B.Z + A.W * B.W;
  if (Cosine < 0) {
    B = {-B.X, -B.Y, -B.Z, -B.W};
    Cosine = -Cosine;
  }
  const double Angle = std::acos(std::min(Cosine, 1.0));
  const double Sine = std::sin(Angle);
  const double OfA = Sine < 1e-6 ? 1 - Share : std::sin((1 - Share) * Angle) / Sine;
  const double OfB = Sine < 1e-6 ? Share : std::sin(Share * Angle) / Sine;
  const Quaternion Mixed = {OfA * A.X + OfB * B.X, OfA * A.Y + OfB * B.Y, OfA * A.Z + OfB * B.Z,
                            OfA * A.W + OfB * B.W};
  const double Length =
      std::sqrt(Mixed.X * Mixed.X + Mixed.Y * Mixed.Y + Mixed.Z * Mixed.Z + Mixed.W * Mixed.W);
  return {Mixed.X / Length, Mixed.Y / Length, Mixed.Z / Length, Mixed.W / Length};
}

// Put one layer on a face. Weights stay in [0, 1] where the face's were.
inline void ApplyLayer(const Layer& Top, Face& Out) {
  const float Share = std::clamp(Top.Weight, 0.0f, 1.0f);
  const bool bAdd = Top.Mode == LayerMode::Additive;
  for (std::size_t Index = 0; Index < ChannelCount; ++Index) {
    if ((Top.Regions & RegionOf(Index)) == 0) continue;
    float& Under = Out.Weights[Index];
    const float Over = Top.Values.Weights[Index];
    if (bAdd) {
      const float Added = std::clamp(Share * Over, -1.0f, 1.0f);
      Under += Added * (Added > 0 ? 1.0f - Under : Under);
    } else {
      Under += Share * (Over - Under);
    }
  }
  if ((Top.Regions & Region::Head) == 0) return;
  const double Part = static_cast<double>(Share);
  const Quaternion& Turn = Top.Values.HeadRotation;
  Out.HeadRotation = bAdd ? Multiply(Out.HeadRotation, Slerp(Quaternion{}, Turn, Part))
                          : Slerp(Out.HeadRotation, Turn, Part);
  Vector3& Under = Out.HeadTranslation;
  const Vector3& Over = Top.Values.HeadTranslation;
  const double Kept = bAdd ? 1.0 : 1.0 - Part;
  Under = {Kept * Under.X + Part * Over.X, Kept * Under.Y + Part * Over.Y,
           Kept * Under.Z + Part * Over.Z};
}

// Put layers on a face by rising priority.
inline void MixLayers(const Layer* Layers, std::size_t Count, Face& Out) {
  std::size_t Done = 0;
  bool bAny = false;
  int32_t Reached = 0;
  while (Done < Count) {
    bool bFound = false;
    int32_t Next = 0;
    for (std::size_t I = 0; I < Count; ++I) {
      if (bAny && Layers[I].Priority <= Reached) continue;
      if (!bFound || Layers[I].Priority < Next) Next = Layers[I].Priority;
      bFound = true;
    }
    for (std::size_t I = 0; I < Count; ++I) {
      if (Layers[I].Priority != Next) continue;
      ApplyLayer(Layers[I], Out);
      ++Done;
    }
    bAny = true;
    Reached = Next;
  }
}

}  // namespace TalkFaceCore
