#include "anim/head.h"

#include <algorithm>
#include <cmath>

#include "base/math.h"

namespace talkface {
namespace {

constexpr double kLetGoSeconds = 0.35;       // half-life
constexpr double kSinHalfLimit = 0.1736482;  // sine of 10 degrees
constexpr float kFarthest = 0.2f;            // metres on each axis
constexpr double kNothing = 1e-12;

using Vector = std::array<double, 3>;

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

bool normalise(Vector* a) {
  const double square = dot(*a, *a);
  if (!(square > kNothing)) return false;
  const double scale = 1.0 / std::sqrt(square);
  for (double& x : *a) x *= scale;
  return true;
}

// Of a rotation matrix with these columns.
std::array<float, 3> vector_part(const Vector& x, const Vector& y, const Vector& z) {
  // Four times the squares of each part; the largest is far from 0.
  const std::array<double, 4> squares = {1.0 + x[0] - y[1] - z[2], 1.0 - x[0] + y[1] - z[2],
                                         1.0 - x[0] - y[1] + z[2], 1.0 + x[0] + y[1] + z[2]};
  // q times four times its largest part.
  const Vector off = {y[2] - z[1], z[0] - x[2], x[1] - y[0]};
  const Vector sums = {x[1] + y[0], z[0] + x[2], y[2] + z[1]};  // xy, xz, yz
  const auto largest =
      static_cast<std::size_t>(std::max_element(squares.begin(), squares.end()) - squares.begin());
  std::array<double, 4> q{};
  switch (largest) {
    case 0: q = {squares[0], sums[0], sums[1], off[0]}; break;
    case 1: q = {sums[0], squares[1], sums[2], off[1]}; break;
    case 2: q = {sums[1], sums[2], squares[2], off[2]}; break;
    default: q = {off[0], off[1], off[2], squares[3]}; break;
  }
  const double scale = (q[3] < 0.0 ? -0.5 : 0.5) / std::sqrt(squares[largest]);
  return {static_cast<float>(q[0] * scale), static_cast<float>(q[1] * scale),
          static_cast<float>(q[2] * scale)};
}

bool within(const HeadPose& pose, float low, float high) {
  const auto in = [&](float x) { return x >= low && x <= high; };
  return std::all_of(pose.v.begin(), pose.v.end(), in) &&
         std::all_of(pose.translation.begin(), pose.translation.end(), in);
}

}  // namespace

HeadPose head_from_graph(Span<const float> values) {
  HeadPose pose;
  if (values.size < kHeadValues) return pose;
  for (std::size_t i = 0; i < kHeadValues; ++i) {
    if (!is_finite(values[i])) return pose;
  }
  for (std::size_t i = 0; i < 3; ++i) {
    pose.translation[i] = std::min(std::max(values[6 + i], -kFarthest), kFarthest);
  }
  Vector x = {values[0], values[1], values[2]};
  Vector y = {values[3], values[4], values[5]};
  if (!normalise(&x) || !normalise(&y)) return pose;
  const double along = dot(x, y);
  for (std::size_t i = 0; i < 3; ++i) y[i] -= along * x[i];
  if (!normalise(&y)) return pose;
  const Vector z = {x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2],
                    x[0] * y[1] - x[1] * y[0]};
  pose.v = vector_part(x, y, z);
  return pose;
}

HeadPose limited(const HeadPose& pose, float strength) {
  HeadPose out;
  double square = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    out.v[i] = strength * pose.v[i];
    out.translation[i] = strength * pose.translation[i];
    square += static_cast<double>(out.v[i]) * static_cast<double>(out.v[i]);
  }
  if (square <= kSinHalfLimit * kSinHalfLimit) return out;
  const double scale = kSinHalfLimit / std::sqrt(square);
  for (float& x : out.v) x = static_cast<float>(static_cast<double>(x) * scale);
  return out;
}

float real_part(const std::array<float, 3>& v) {
  double square = 0.0;
  for (const float x : v) square += static_cast<double>(x) * static_cast<double>(x);
  return static_cast<float>(std::sqrt(std::max(1.0 - square, 0.0)));
}

HeadMotion::HeadMotion(double seconds) { set_pace(seconds); }

void HeadMotion::set_pace(double seconds) { kept_ = 1.0f - half_life_gain(seconds, kLetGoSeconds); }

void HeadMotion::advance(const HeadPose* graph) {
  const HeadPose source = graph != nullptr ? *graph : HeadPose();
  const std::uint32_t follows = graph != nullptr ? 1 : 0;
  const bool changed = state_.begun != 0 && follows != state_.follows;
  for (std::size_t i = 0; i < 3; ++i) {
    if (changed) {
      state_.offset.v[i] = state_.pose.v[i] - source.v[i];
      state_.offset.translation[i] = state_.pose.translation[i] - source.translation[i];
    }
    state_.offset.v[i] *= kept_;
    state_.offset.translation[i] *= kept_;
    state_.pose.v[i] = source.v[i] + state_.offset.v[i];
    state_.pose.translation[i] = source.translation[i] + state_.offset.translation[i];
  }
  state_.follows = follows;
  state_.begun = 1;
}

bool sound(const HeadMotion::State& s) {
  return within(s.pose, -4.0f, 4.0f) && within(s.offset, -4.0f, 4.0f) && s.follows <= 1 &&
         s.begun <= 1;
}

}  // namespace talkface
