#include "anim/idle.h"

#include <algorithm>

#include "base/math.h"
#include "base/prng.h"

namespace talkface {
namespace {

enum Stream : std::uint64_t { kBlinkGap, kBlinkDouble, kGazeGap, kGazeYaw, kGazePitch, kHeadPhase };

constexpr double kBlinkClose = 0.05;
constexpr double kBlinkHold = 0.03;
constexpr double kBlinkOpen = 0.10;
constexpr double kBlinkRightDelay = 0.008;
constexpr double kSaccade = 0.04;
constexpr double kGazeYawDegrees = 6.0;
constexpr double kGazePitchDegrees = 3.5;
constexpr double kEyeDegreesAtOne = 35.0;  // an eyeLook weight of 1 (anchors-sdk.md 7a)
constexpr double kSwayHz[3] = {0.13, 0.27, 0.41};
constexpr double kSwayShare[3] = {0.6, 0.3, 0.1};
constexpr double kHeadDegrees[3] = {1.0, 1.6, 0.7};  // about x (nod), y (turn), z (tilt)
constexpr double kSwayMetres[3] = {0.0015, 0.0008, 0.0010};

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

}  // namespace

Idle::Idle(std::uint64_t seed) : seed_(seed) { reset(); }

double Idle::draw(std::uint64_t stream, std::uint64_t counter) const {
  return uniform_at(seed_, stream, counter);
}

void Idle::reset() {
  state_ = State();
  state_.blink_start = 0.5 + 3.0 * draw(kBlinkGap, 0);
  state_.gaze_next = 0.4 + 1.5 * draw(kGazeGap, 0);
}

void Idle::apply(double seconds, const KnobValues& knobs, Frame* frame) {
  double degrees[3];
  const double head = knobs.get(Knob::kHeadStrength);
  for (std::uint64_t axis = 0; axis < 3; ++axis) {
    double sway = 0.0;
    double shift = 0.0;
    for (std::uint64_t part = 0; part < 3; ++part) {
      const double phase = draw(kHeadPhase, axis * 8 + part);
      sway += kSwayShare[part] * sin_turns(kSwayHz[part] * seconds + phase);
      shift += kSwayShare[part] * sin_turns(kSwayHz[part] * 0.7 * seconds + 1.0 - phase);
    }
    degrees[axis] = head * kHeadDegrees[axis] * sway;
    frame->head_translation[axis] += static_cast<float>(head * kSwayMetres[axis] * shift);
  }
  const Quaternion q =
      multiply(multiply(about(1, degrees[1]), about(0, degrees[0])), about(2, degrees[2]));
  frame->head_rotation = {static_cast<float>(q.x), static_cast<float>(q.y), static_cast<float>(q.z),
                          static_cast<float>(q.w)};

  advance_gaze(seconds);
  const double gaze = knobs.get(Knob::kGazeStrength);
  const float t =
      smoothstep(0.0f, 1.0f, static_cast<float>((seconds - state_.gaze_start) / kSaccade));
  const double yaw = gaze * lerp(state_.gaze_from[0], state_.gaze_to[0], t);
  const double pitch = gaze * lerp(state_.gaze_from[1], state_.gaze_to[1], t);
  // Eyes stay on their target while the head sways.
  const double counter = std::min(gaze, 1.0);
  look(frame, yaw - counter * degrees[1], pitch - counter * degrees[0]);
  blink(seconds, knobs.get(Knob::kBlinkStrength), frame);
}

void Idle::blink(double seconds, float strength, Frame* frame) {
  const double length = kBlinkClose + kBlinkHold + kBlinkOpen + kBlinkRightDelay;
  while (seconds > state_.blink_start + length) {
    const std::uint64_t index = ++state_.blink_index;
    const bool twice = draw(kBlinkDouble, index) < 0.15;
    const double u = draw(kBlinkGap, index);
    const double gap = twice ? 0.26 : 1.5 + 6.5 * u * (0.4 + 0.6 * u);
    state_.blink_start += gap;
  }
  const double since = seconds - state_.blink_start;
  auto& left = frame->weights[kEyeBlinkLeft];
  auto& right = frame->weights[kEyeBlinkRight];
  left = std::max(left, strength * static_cast<float>(lid(since)));
  right = std::max(right, strength * static_cast<float>(lid(since - kBlinkRightDelay)));
}

void Idle::advance_gaze(double seconds) {
  while (seconds >= state_.gaze_next) {
    const std::uint64_t index = ++state_.gaze_index;
    state_.gaze_start = state_.gaze_next;
    state_.gaze_next += 0.5 + 3.0 * draw(kGazeGap, index);
    const double yaw = 2.0 * draw(kGazeYaw, index) - 1.0;
    const double pitch = 2.0 * draw(kGazePitch, index) - 1.0;
    state_.gaze_from[0] = state_.gaze_to[0];
    state_.gaze_from[1] = state_.gaze_to[1];
    // Cubed: mostly near the middle, now and then a look aside.
    state_.gaze_to[0] = static_cast<float>(kGazeYawDegrees * yaw * yaw * yaw);
    state_.gaze_to[1] = static_cast<float>(kGazePitchDegrees * pitch * pitch * pitch);
  }
}

}  // namespace talkface
