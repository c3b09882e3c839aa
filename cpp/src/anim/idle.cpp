#include "anim/idle.h"

#include <algorithm>

#include "base/math.h"
#include "base/prng.h"

namespace talkface {
namespace {

enum Stream : std::uint64_t {
  kBlinkGap,
  kBlinkDouble,
  kGazeGap,
  kGazeYaw,
  kGazePitch,
  kHeadPhase,
  kBrowRaise,
  kBrowHeight,
};

constexpr double kBlinkClose = 0.05;
constexpr double kBlinkHold = 0.03;
constexpr double kBlinkOpen = 0.10;
constexpr double kBlinkRightDelay = 0.008;
constexpr double kBlinkLength = kBlinkClose + kBlinkHold + kBlinkOpen + kBlinkRightDelay;
constexpr double kRestBlinks = 17.0 / 60.0;  // a second
constexpr double kTalkBlinks = 26.0 / 60.0;
constexpr double kDoubleShare = 0.15;
constexpr double kDoubleGap = 0.26;
// Blinks go to the beginning of a pause when one comes this close.
constexpr double kBlinkSnap = 0.25;
constexpr double kSaccade = 0.04;
constexpr double kGazeYawDegrees = 6.0;
constexpr double kGazePitchDegrees = 3.5;
constexpr double kEyeDegreesAtOne = 35.0;  // an eyeLook weight of 1 (anchors-sdk.md 7a)
// A small rotation of a quaternion's vector part v turns by 2 v radians.
constexpr double kDegreesOfVector = 114.59156;
constexpr double kSwayHz[3] = {0.13, 0.27, 0.41};
constexpr double kSwayShare[3] = {0.6, 0.3, 0.1};
constexpr double kHeadDegrees[3] = {1.0, 1.6, 0.7};  // about x (nod), y (turn), z (tilt)
constexpr double kSwayMetres[3] = {0.0015, 0.0008, 0.0010};
// A jaw that opens this much more than lately stresses its syllable; brows follow some of them.
constexpr float kStress = 0.06f;
constexpr double kStressHalfLife = 0.8;
constexpr double kBrowAttack = 0.12;
constexpr double kBrowSustain = 0.08;
constexpr double kBrowRelease = 0.22;
constexpr double kBrowSpacing = 0.8;
constexpr double kBrowShare = 0.35;
constexpr float kBrowInner = 0.22f;
constexpr float kBrowOuter = 0.15f;
// 15 breaths a minute; who speaks breathes in quickly at a pause and out for as long as he speaks.
constexpr double kBreathIn = 1.3;
constexpr double kBreathInTalking = 0.5;
constexpr double kBreathOut = 2.7;
constexpr double kBreathHalfLife = 0.2;
constexpr double kBreathNodDegrees = -0.35;
constexpr double kBreathMetres[3] = {0.0, 0.0022, 0.0006};
constexpr float kSpeaksFrom = 0.6f;
constexpr float kSpeaksUntil = 0.3f;

double lid(double since) {
  if (since <= 0.0) return 0.0;
  if (since < kBlinkClose) return smoothstep(0.0f, 1.0f, static_cast<float>(since / kBlinkClose));
  since -= kBlinkClose + kBlinkHold;
  if (since <= 0.0) return 1.0;
  return 1.0 - smoothstep(0.0f, 1.0f, static_cast<float>(since / kBlinkOpen));
}

struct Quaternion {
  double x, y, z, w;
};

Quaternion multiply(const Quaternion& a, const Quaternion& b) {
  return {
      a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y, a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
      a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w, a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z};
}

// Rotation about one axis; half the angle, in turns, is degrees / 720.
Quaternion about(int axis, double degrees) {
  Quaternion q{0.0, 0.0, 0.0, cos_turns(degrees / 720.0)};
  (axis == 0 ? q.x : axis == 1 ? q.y : q.z) = sin_turns(degrees / 720.0);
  return q;
}

void add(float* weight, double value) { *weight = clamp01(*weight + static_cast<float>(value)); }

void look(Frame* frame, double yaw_degrees, double pitch_degrees) {
  auto& w = frame->weights;
  const double yaw = yaw_degrees / kEyeDegreesAtOne;
  const double pitch = pitch_degrees / kEyeDegreesAtOne;
  add(&w[yaw > 0 ? kEyeLookOutLeft : kEyeLookInLeft], yaw > 0 ? yaw : -yaw);
  add(&w[yaw > 0 ? kEyeLookInRight : kEyeLookOutRight], yaw > 0 ? yaw : -yaw);
  add(&w[pitch > 0 ? kEyeLookDownLeft : kEyeLookUpLeft], pitch > 0 ? pitch : -pitch);
  add(&w[pitch > 0 ? kEyeLookDownRight : kEyeLookUpRight], pitch > 0 ? pitch : -pitch);
}

// How far brows are up, `since` seconds after they began to rise.
double raise(double since) {
  const double after = since - kBrowAttack - kBrowSustain;
  const float up = smoothstep(0.0f, 1.0f, static_cast<float>(since / kBrowAttack));
  const float down = smoothstep(0.0f, 1.0f, static_cast<float>(after / kBrowRelease));
  return up - down;
}

}  // namespace

Idle::Idle(std::uint64_t seed, double seconds) : seed_(seed) { set_pace(seconds); }

void Idle::set_pace(double seconds) {
  seconds_ = seconds;
  jaw_gain_ = half_life_gain(seconds, kStressHalfLife);
  breath_gain_ = half_life_gain(seconds, kBreathHalfLife);
}

double Idle::draw(std::uint64_t stream, std::uint64_t counter) const {
  return uniform_at(seed_, stream, counter);
}

void Idle::begin() {
  state_.begun = 1;
  state_.blink_owed = 0.8 * draw(kBlinkGap, 0);
  state_.blink_since = state_.brow_since = kBlinkLength + kBrowSpacing;
  state_.gaze_gap = 0.4 + 1.5 * draw(kGazeGap, 0);
  state_.breath_since = (kBreathIn + kBreathOut) * draw(kHeadPhase, 100);
}

void Idle::advance(const Activity& activity) {
  if (state_.begun == 0) {
    begin();
  } else {
    for (double* since :
         {&state_.blink_since, &state_.gaze_since, &state_.brow_since, &state_.breath_since}) {
      *since += seconds_;
    }
  }
  const bool spoke = state_.speaking != 0;
  const bool speaks = activity.voice > (spoke ? kSpeaksUntil : kSpeaksFrom);
  state_.speaking = speaks ? 1 : 0;
  const bool paused = spoke && !speaks;
  advance_blink(paused);
  advance_gaze();
  advance_brows(activity);
  advance_breath(paused);
}

void Idle::advance_blink(bool paused) {
  const bool speaks = state_.speaking != 0;
  const double rate = speaks ? kTalkBlinks : kRestBlinks;
  state_.blink_owed += rate * seconds_;
  const std::uint64_t index = state_.blink_count;
  const double u = draw(kBlinkGap, index + 1);
  // From 0.37 to 1.95 with mean 1: 1.3 to 6.9 s at rest.
  const bool twice = index > 0 && draw(kBlinkDouble, index) < kDoubleShare;
  const double need = twice ? kDoubleGap * rate : (1.5 + 6.5 * u * (0.4 + 0.6 * u)) / 4.1;
  const bool due = state_.blink_owed >= need;
  state_.blink_wait = due ? state_.blink_wait + seconds_ : 0.0;
  const bool waits = speaks && !twice && state_.blink_wait < kBlinkSnap;
  const bool early = paused && state_.blink_owed >= need - kBlinkSnap * rate;
  if (state_.blink_since < kBlinkLength || !((due && !waits) || early)) return;
  state_.blink_owed = 0.0;
  state_.blink_since = 0.0;
  state_.blink_wait = 0.0;
  ++state_.blink_count;
}

void Idle::advance_gaze() {
  if (state_.gaze_since < state_.gaze_gap) return;
  const std::uint64_t index = ++state_.gaze_count;
  state_.gaze_since = 0.0;
  state_.gaze_gap = 0.5 + 3.0 * draw(kGazeGap, index);
  const double yaw = 2.0 * draw(kGazeYaw, index) - 1.0;
  const double pitch = 2.0 * draw(kGazePitch, index) - 1.0;
  state_.gaze_from[0] = state_.gaze_to[0];
  state_.gaze_from[1] = state_.gaze_to[1];
  // Cubed: mostly near the middle, now and then a look aside.
  state_.gaze_to[0] = static_cast<float>(kGazeYawDegrees * yaw * yaw * yaw);
  state_.gaze_to[1] = static_cast<float>(kGazePitchDegrees * pitch * pitch * pitch);
}

void Idle::advance_brows(const Activity& activity) {
  const bool rising = activity.jaw > state_.jaw;
  const bool stressed = activity.jaw > state_.jaw_mean + kStress;
  state_.jaw = activity.jaw;
  if (state_.speaking == 0) return;
  state_.jaw_mean = lerp(state_.jaw_mean, activity.jaw, jaw_gain_);
  if (!rising || !stressed || state_.brow_since < kBrowSpacing) return;
  const std::uint64_t index = ++state_.brow_count;
  state_.brow_since = 0.0;
  const double height = 0.3 + 0.7 * draw(kBrowHeight, index);
  state_.brow_height = draw(kBrowRaise, index) < kBrowShare ? static_cast<float>(height) : 0.0f;
}

void Idle::advance_breath(bool paused) {
  const bool speaks = state_.speaking != 0;
  const bool out = state_.breath_since > kBreathIn + kBreathOut && !speaks;
  if (paused || out) state_.breath_since = paused ? kBreathIn - kBreathInTalking : 0.0;
  const float target = !speaks && state_.breath_since < kBreathIn ? 1.0f : 0.0f;
  state_.breath[0] = lerp(state_.breath[0], target, breath_gain_);
  state_.breath[1] = lerp(state_.breath[1], state_.breath[0], breath_gain_);
}

void Idle::render(double time, const KnobValues& knobs, const HeadPose& head, Frame* frame) const {
  double degrees[3];
  const double strength = knobs.get(Knob::kSwayStrength);
  const HeadPose led = limited(head, knobs.get(Knob::kHeadStrength));
  const double breath = knobs.get(Knob::kBreathStrength) * state_.breath[1];
  for (std::uint64_t axis = 0; axis < 3; ++axis) {
    double sway = 0.0;
    double shift = 0.0;
    for (std::uint64_t part = 0; part < 3; ++part) {
      const double phase = draw(kHeadPhase, axis * 8 + part);
      sway += kSwayShare[part] * sin_turns(kSwayHz[part] * time + phase);
      shift += kSwayShare[part] * sin_turns(kSwayHz[part] * 0.7 * time + 1.0 - phase);
    }
    degrees[axis] = strength * kHeadDegrees[axis] * sway;
    frame->head_translation[axis] +=
        led.translation[axis] +
        static_cast<float>(strength * kSwayMetres[axis] * shift + breath * kBreathMetres[axis]);
  }
  degrees[0] += breath * kBreathNodDegrees;
  const Quaternion swayed =
      multiply(multiply(about(1, degrees[1]), about(0, degrees[0])), about(2, degrees[2]));
  const Quaternion q = multiply({led.v[0], led.v[1], led.v[2], real_part(led.v)}, swayed);
  frame->head_rotation = {static_cast<float>(q.x), static_cast<float>(q.y), static_cast<float>(q.z),
                          static_cast<float>(q.w)};

  const double gaze = knobs.get(Knob::kGazeStrength);
  const float t = smoothstep(0.0f, 1.0f, static_cast<float>(state_.gaze_since / kSaccade));
  const double yaw = gaze * lerp(state_.gaze_from[0], state_.gaze_to[0], t);
  const double pitch = gaze * lerp(state_.gaze_from[1], state_.gaze_to[1], t);
  // Eyes stay on their target while the head moves.
  const double counter = std::min(gaze, 1.0);
  look(frame, yaw - counter * (degrees[1] + kDegreesOfVector * led.v[1]),
       pitch - counter * (degrees[0] + kDegreesOfVector * led.v[0]));

  auto& w = frame->weights;
  const double up = knobs.get(Knob::kBrowStrength) * state_.brow_height * raise(state_.brow_since);
  add(&w[kBrowInnerUp], kBrowInner * up);
  add(&w[kBrowOuterUpLeft], kBrowOuter * up);
  add(&w[kBrowOuterUpRight], kBrowOuter * up);
  const float lids = knobs.get(Knob::kBlinkStrength);
  const double since = state_.blink_since;
  w[kEyeBlinkLeft] = std::max(w[kEyeBlinkLeft], lids * static_cast<float>(lid(since)));
  w[kEyeBlinkRight] =
      std::max(w[kEyeBlinkRight], lids * static_cast<float>(lid(since - kBlinkRightDelay)));
}

bool sound(const Idle::State& s) {
  for (const double x : {s.blink_owed, s.blink_since, s.blink_wait, s.gaze_since, s.gaze_gap,
                         s.brow_since, s.breath_since}) {
    if (!(x >= 0.0 && x < 1e9)) return false;
  }
  for (const float x : {s.gaze_from[0], s.gaze_from[1], s.gaze_to[0], s.gaze_to[1], s.jaw,
                        s.jaw_mean, s.brow_height, s.breath[0], s.breath[1]}) {
    if (!(x >= -90.0f && x <= 90.0f)) return false;
  }
  return s.begun <= 1 && s.speaking <= 1;
}

}  // namespace talkface
