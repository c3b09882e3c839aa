#include <cmath>

#include "TalkFaceCore/AxisConversion.h"
#include "TalkFaceCore/LiveLinkFrame.h"
#include "check.h"

using namespace TalkFaceCore;

namespace {

constexpr double Degrees = 20.0;
constexpr double Radians = Degrees / DegreesPerRadian;

Quaternion About(double X, double Y, double Z, double Angle) {
  const double Sine = std::sin(Angle / 2);
  return {Sine * X, Sine * Y, Sine * Z, std::cos(Angle / 2)};
}

const Quaternion NodDown = About(1, 0, 0, Radians);
const Quaternion ShakeLeft = About(0, 1, 0, Radians);
const Quaternion TiltRight = About(0, 0, 1, Radians);

void CheckHead(const Quaternion& Head, AngleConvention Convention, double Yaw, double Pitch,
               double Roll) {
  const YawPitchRoll Values = HeadValues(Head, Convention);
  CHECK_NEAR(Values.Yaw, Yaw, 1e-12);
  CHECK_NEAR(Values.Pitch, Pitch, 1e-12);
  CHECK_NEAR(Values.Roll, Roll, 1e-12);
}

Vector3 Turned(const Quaternion& Q, const Vector3& V) {
  const Vector3 T = {2 * (Q.Y * V.Z - Q.Z * V.Y), 2 * (Q.Z * V.X - Q.X * V.Z),
                     2 * (Q.X * V.Y - Q.Y * V.X)};
  return {V.X + Q.W * T.X + Q.Y * T.Z - Q.Z * T.Y, V.Y + Q.W * T.Y + Q.Z * T.X - Q.X * T.Z,
          V.Z + Q.W * T.Z + Q.X * T.Y - Q.Y * T.X};
}

void CheckNear(const Vector3& A, const Vector3& B) {
  CHECK_NEAR(A.X, B.X, 1e-9);
  CHECK_NEAR(A.Y, B.Y, 1e-9);
  CHECK_NEAR(A.Z, B.Z, 1e-9);
}

}  // namespace

// anchors-sdk.md 7a; python/talkface/sinks/csv_sink.py says how the app's signs were found.
TEST(the_phone_app_has_radians_left_up_and_right_ear_down) {
  CheckHead(Quaternion{}, AngleConvention::LiveLinkFace, 0, 0, 0);
  CheckHead(NodDown, AngleConvention::LiveLinkFace, 0, -Radians, 0);
  CheckHead(ShakeLeft, AngleConvention::LiveLinkFace, Radians, 0, 0);
  CheckHead(TiltRight, AngleConvention::LiveLinkFace, 0, 0, Radians);
}

TEST(unreals_own_arkit_has_degrees_by_180_right_down_and_left_ear_down) {
  const double Part = Degrees / 180;
  CheckHead(Quaternion{}, AngleConvention::UnrealArkit, 0, 0, 0);
  CheckHead(NodDown, AngleConvention::UnrealArkit, 0, Part, 0);
  CheckHead(ShakeLeft, AngleConvention::UnrealArkit, -Part, 0, 0);
  CheckHead(TiltRight, AngleConvention::UnrealArkit, 0, 0, -Part);
}

// ARKit's axes are TalkFace's; the engine takes (x, y, z) to (-z, x, y).
TEST(the_arkit_space_is_the_engines_conversion) {
  const Quaternion Head = {0.1, -0.2, 0.3, std::sqrt(1 - 0.14)};
  for (const Vector3& V : {Vector3{1, 0, 0}, Vector3{0, 1, 0}, Vector3{0.3, -0.5, 0.7}}) {
    const Vector3 After = Turned(Head, V);
    CheckNear({-After.Z, After.X, After.Y}, Turned(ToArkitSpace(Head), {-V.Z, V.X, V.Y}));
  }
}

// A bone with X up, Y out of the face and Z to the right, in a mesh that looks down +Y.
TEST(the_head_bone_is_turned_as_the_head_is) {
  const Quaternion Head = {0.1, -0.2, 0.3, std::sqrt(1 - 0.14)};
  for (const Vector3& V : {Vector3{1, 0, 0}, Vector3{0, 1, 0}, Vector3{0.3, -0.5, 0.7}}) {
    const Vector3 After = Turned(Head, V);
    CheckNear({After.Y, After.Z, -After.X}, Turned(ToMetaHumanHeadBone(Head), {V.Y, V.Z, -V.X}));
  }
}

TEST(a_rotator_has_unreals_signs) {
  const Rotator Nod = ToRotator(ToUnreal(NodDown));
  const Rotator Shake = ToRotator(ToUnreal(ShakeLeft));
  const Rotator Tilt = ToRotator(ToUnreal(TiltRight));
  CHECK_NEAR(Nod.Pitch, -Degrees, 1e-9);
  CHECK_NEAR(Shake.Yaw, -Degrees, 1e-9);
  CHECK_NEAR(Tilt.Roll, Degrees, 1e-9);
}

TEST(a_metahuman_has_degrees_of_its_head_bone) {
  CheckHead(Quaternion{}, AngleConvention::MetaHuman, 0, 0, 0);
  CheckHead(NodDown, AngleConvention::MetaHuman, Degrees, 0, 0);
  CheckHead(ShakeLeft, AngleConvention::MetaHuman, 0, 0, Degrees);
  CheckHead(TiltRight, AngleConvention::MetaHuman, 0, Degrees, 0);
}

// A mesh that looks down -X, turned onto one that looks down +Y, is a yaw of -90 in Unreal, which
// in TalkFace's space is a quarter turn to the left; a team that sent it unconverted saw a roll of
// 89.7 degrees (anchors-sdk.md 4, field note 5).
TEST(a_quarter_turn_is_the_roll_that_was_seen_in_the_field) {
  const Quaternion Quarter = About(0, 1, 0, 90 / DegreesPerRadian);
  CHECK_NEAR(ToRotator(ToUnreal(Quarter)).Yaw, -90.0, 1e-9);
  CheckHead(Quarter, AngleConvention::MetaHuman, 0, 0, 90);
}

TEST(directions_go_where_unreal_has_them) {
  CheckNear(ToUnreal(Vector3{0, 0, 0.01}), {1, 0, 0});   // out of the face: forward
  CheckNear(ToUnreal(Vector3{0.01, 0, 0}), {0, -1, 0});  // to the left: against right
  CheckNear(ToUnreal(Vector3{0, 0.01, 0}), {0, 0, 1});
  CheckNear(ToMetaHumanMesh(Vector3{0, 0, 0.01}), {-1, 0, 0});
  CheckNear(ToMetaHumanMesh(Vector3{0.01, 0, 0}), {0, 1, 0});
  CheckNear(ToMetaHumanMesh(Vector3{0, 0.01, 0}), {0, 0, 1});
}

TEST(turning_and_converting_commute) {
  const Quaternion Head = {0.1, -0.2, 0.3, std::sqrt(1 - 0.14)};
  for (const Vector3& V : {Vector3{1, 0, 0}, Vector3{0, 1, 0}, Vector3{0.3, -0.5, 0.7}}) {
    CheckNear(ToUnreal(Turned(Head, V)), Turned(ToUnreal(Head), ToUnreal(V)));
  }
}

TEST(angles_of_all_three_at_once_are_those_of_the_axes) {
  const HeadAngles Angles = ToAngles({0.1, -0.2, 0.3, std::sqrt(1 - 0.14)});
  const Quaternion Turn = About(0, 1, 0, Angles.Turn);
  const Quaternion Nod = About(1, 0, 0, Angles.Nod);
  const Quaternion Tilt = About(0, 0, 1, Angles.Tilt);
  const Quaternion Head = {0.1, -0.2, 0.3, std::sqrt(1 - 0.14)};
  for (const Vector3& V : {Vector3{1, 0, 0}, Vector3{0, 1, 0}, Vector3{0, 0, 1}}) {
    CheckNear(Turned(Head, V), Turned(Turn, Turned(Nod, Turned(Tilt, V))));
  }
}

TEST(eyes_of_both_arkit_conventions_look_the_same_way) {
  talkface_pose Pose = talkface_pose_init();
  Pose.weights[Channel::EyeLookOutLeft] = 1;  // both to the character's left, and up
  Pose.weights[Channel::EyeLookInRight] = 1;
  Pose.weights[Channel::EyeLookUpLeft] = Pose.weights[Channel::EyeLookUpRight] = 0.5f;
  float App[ValueCount];
  float Engine[ValueCount];
  ArkitFrame(Pose, AngleConvention::LiveLinkFace, App);
  ArkitFrame(Pose, AngleConvention::UnrealArkit, Engine);
  for (const std::size_t Yaw : {55u, 58u}) {
    CHECK_NEAR(App[Yaw], -0.611f, 1e-6f);
    CHECK_NEAR(App[Yaw + 1], -0.3055f, 1e-6f);
    CHECK_NEAR(Engine[Yaw], -35.0f / 180, 1e-3f);
    CHECK_NEAR(Engine[Yaw + 1], -17.5f / 180, 1e-3f);
    CHECK(App[Yaw + 2] == 0 && Engine[Yaw + 2] == 0);
  }
}
