// From TalkFace's space (right-handed, metres, +X the character's left, +Y up, +Z out of the face)
// to Unreal's (left-handed, centimetres, +X out of the face, +Y the character's right, +Z up), and
// the three conventions of head angles that share one set of names (anchors-sdk.md 7a).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "talkface/talkface.h"

namespace TalkFaceCore {

struct Vector3 {
  double X = 0, Y = 0, Z = 0;
};

struct Quaternion {
  double X = 0, Y = 0, Z = 0, W = 1;
};

// Degrees, as FRotator has them: pitch up, yaw to the right, roll right side down.
struct Rotator {
  double Pitch = 0, Yaw = 0, Roll = 0;
};

// Radians about TalkFace's axes, intrinsic Y-X-Z: to the left, down, right ear down.
struct HeadAngles {
  double Turn = 0, Nod = 0, Tilt = 0;
};

inline constexpr double DegreesPerRadian = 57.295779513082320876798;
inline constexpr double CentimetresPerMetre = 100.0;

inline Quaternion HeadRotation(const talkface_pose& Pose) {
  return {Pose.head_rotation[0], Pose.head_rotation[1], Pose.head_rotation[2],
          Pose.head_rotation[3]};
}

inline Vector3 HeadTranslation(const talkface_pose& Pose) {
  return {Pose.head_translation[0], Pose.head_translation[1], Pose.head_translation[2]};
}

// As python/talkface/rotation.py.
inline HeadAngles ToAngles(const Quaternion& Q) {
  return {std::atan2(2 * (Q.X * Q.Z + Q.W * Q.Y), 1 - 2 * (Q.X * Q.X + Q.Y * Q.Y)),
          std::asin(std::clamp(2 * (Q.W * Q.X - Q.Y * Q.Z), -1.0, 1.0)),
          std::atan2(2 * (Q.X * Q.Y + Q.W * Q.Z), 1 - 2 * (Q.X * Q.X + Q.Z * Q.Z))};
}

// Unreal's angles of a rotation that is already in an Unreal space, as FQuat::Rotator gives them
// away from straight up and down, which no head reaches.
inline Rotator ToRotator(const Quaternion& Q) {
  return {
      DegreesPerRadian * std::asin(std::clamp(2 * (Q.Z * Q.X - Q.W * Q.Y), -1.0, 1.0)),
      DegreesPerRadian * std::atan2(2 * (Q.W * Q.Z + Q.X * Q.Y), 1 - 2 * (Q.Y * Q.Y + Q.Z * Q.Z)),
      DegreesPerRadian * std::atan2(-2 * (Q.W * Q.X + Q.Y * Q.Z), 1 - 2 * (Q.X * Q.X + Q.Y * Q.Y))};
}

// An actor's space: X forward, Y right, Z up.
inline Quaternion ToUnreal(const Quaternion& Q) { return {-Q.Z, Q.X, -Q.Y, Q.W}; }

inline Vector3 ToUnreal(const Vector3& V) {
  return {CentimetresPerMetre * V.Z, -CentimetresPerMetre * V.X, CentimetresPerMetre * V.Y};
}

// The space of the engine's own ARKit, X against where the face looks (anchors-sdk.md 7a).
inline Quaternion ToArkitSpace(const Quaternion& Q) { return {Q.Z, -Q.X, -Q.Y, Q.W}; }

// The head bone of a MetaHuman. Its face looks down +Y of the mesh, its head bone has X up, Y out
// of the face and Z to the character's right, so that turning is roll, nodding yaw and tilting
// pitch of the bone.
inline Quaternion ToMetaHumanHeadBone(const Quaternion& Q) { return {-Q.Y, -Q.Z, Q.X, Q.W}; }

// Translation of a MetaHuman Live Link subject: a mesh that looks down -X.
inline Vector3 ToMetaHumanMesh(const Vector3& V) {
  return {-CentimetresPerMetre * V.Z, CentimetresPerMetre * V.X, CentimetresPerMetre * V.Y};
}

// Who reads the nine angles of an ARKit subject.
enum class AngleConvention {
  LiveLinkFace,  // the phone app and its UDP packets: radians, its own signs
  UnrealArkit,   // the engine's own ARKit on a device: degrees / 180 (ToArkitSpace)
  MetaHuman      // degrees of the head bone (ToMetaHumanHeadBone)
};

struct YawPitchRoll {
  double Yaw = 0, Pitch = 0, Roll = 0;
};

inline YawPitchRoll HeadValues(const Quaternion& Q, AngleConvention Convention) {
  if (Convention == AngleConvention::LiveLinkFace) {
    const HeadAngles Angles = ToAngles(Q);
    return {Angles.Turn, -Angles.Nod, Angles.Tilt};
  }
  const bool bBone = Convention == AngleConvention::MetaHuman;
  const Rotator Turned = ToRotator(bBone ? ToMetaHumanHeadBone(Q) : ToArkitSpace(Q));
  const double Scale = bBone ? 1.0 : 1.0 / 180.0;
  return {Scale * Turned.Yaw, Scale * Turned.Pitch, Scale * Turned.Roll};
}

}  // namespace TalkFaceCore
