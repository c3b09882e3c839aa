// Arithmetic that gives the same bits on every IEEE machine: no libm in law paths.
#pragma once

#include <cstdint>
#include <cstring>

namespace talkface {

inline float clamp01(float x) { return x < 0.0f ? 0.0f : (x > 1.0f ? 1.0f : x); }

inline float lerp(float a, float b, float t) { return a + (b - a) * t; }

// 0 below low, 1 above high, smooth between.
inline float smoothstep(float low, float high, float x) {
  const float t = clamp01((x - low) / (high - low));
  return t * t * (3.0f - 2.0f * t);
}

// False for NaN and infinities, also where the compiler may assume they do not occur.
inline bool is_finite(float x) {
  std::uint32_t bits;
  static_assert(sizeof(bits) == sizeof(x), "float is 32 bits");
  std::memcpy(&bits, &x, sizeof(bits));
  return (bits & 0x7f800000u) != 0x7f800000u;
}

// sin(2 pi turns) by range reduction and a Taylor polynomial; error below 1e-12.
inline double sin_turns(double turns) {
  turns -= static_cast<double>(static_cast<std::int64_t>(turns));
  if (turns < 0.0) turns += 1.0;
  double sign = 1.0;
  if (turns >= 0.5) {
    turns -= 0.5;
    sign = -1.0;
  }
  if (turns > 0.25) turns = 0.5 - turns;
  const double x = turns * 6.283185307179586;
  const double y = x * x;
  double sum = 1.0;
  double term = 1.0;
  for (int n = 1; n <= 9; ++n) {
    term *= -y / static_cast<double>((2 * n) * (2 * n + 1));
    sum += term;
  }
  return sign * x * sum;
}

inline double cos_turns(double turns) { return sin_turns(turns + 0.25); }

// e^-x for x >= 0, by range reduction and a Taylor polynomial; relative error below 1e-12.
inline double exp_negative(double x) {
  if (x > 700.0) return 0.0;
  const double scaled = x * 1.4426950408889634;
  const auto whole = static_cast<std::int64_t>(scaled + 0.5);
  const double y = (static_cast<double>(whole) - scaled) * 0.6931471805599453;
  constexpr double kInverse[] = {1.0 / 10, 1.0 / 9, 1.0 / 8, 1.0 / 7, 1.0 / 6,
                                 1.0 / 5,  1.0 / 4, 1.0 / 3, 1.0 / 2, 1.0};
  double sum = 1.0;
  for (const double inverse : kInverse) sum = 1.0 + sum * y * inverse;
  const std::uint64_t bits = static_cast<std::uint64_t>(1023 - whole) << 52;
  double power;
  std::memcpy(&power, &bits, sizeof(power));
  return power * sum;
}

// 2^-x for x >= 0.
inline double exp2_negative(double x) {
  if (x > 200.0) return 0.0;
  double whole = 1.0;
  while (x >= 1.0) {
    whole *= 0.5;
    x -= 1.0;
  }
  const double y = -x * 0.6931471805599453;
  double sum = 1.0;
  double term = 1.0;
  for (int n = 1; n <= 16; ++n) {
    term *= y / static_cast<double>(n);
    sum += term;
  }
  return whole * sum;
}

// log2 of x, a normal double above 0, by the series of artanh; absolute error below 1e-12.
inline double log2_positive(double x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof(bits));
  auto exponent = static_cast<std::int64_t>(bits >> 52 & 0x7ff) - 1023;
  bits = (bits & 0x000fffffffffffffu) | std::uint64_t{1023} << 52;
  double mantissa;
  std::memcpy(&mantissa, &bits, sizeof(mantissa));
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    ++exponent;
  }
  const double z = (mantissa - 1.0) / (mantissa + 1.0);
  const double square = z * z;
  double sum = 0.0;
  for (int n = 21; n >= 1; n -= 2) sum = sum * square + 1.0 / static_cast<double>(n);
  return static_cast<double>(exponent) + 2.0 * z * sum * 1.4426950408889634;
}

// What `d` in [-1, 1] adds to a weight: a share of what is left to 1, or takes of what there is.
inline float headroom(float base, float d) {
  return d > 0.0f ? base + d * (1.0f - base) : base + d * base;
}

// How far a first-order filter goes towards its input in `seconds`; all the way without a
// half-life.
inline float half_life_gain(double seconds, double half_life) {
  if (half_life <= 0.0) return 1.0f;
  return static_cast<float>(1.0 - exp2_negative(seconds / half_life));
}

}  // namespace talkface
