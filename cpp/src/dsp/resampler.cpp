#include "dsp/resampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/math.h"

namespace talkface {
namespace {

constexpr std::size_t kZeroCrossings = 32;
constexpr std::size_t kLanes = 8;
constexpr std::uint64_t kMaxPhases = 512;
constexpr double kKaiserBeta = 9.0;
// Centre of the transition band as a share of the lower Nyquist frequency; with 32 zero crossings
// and beta 9 the stop band (-90 dB) begins at 1.0.
constexpr double kCutoff = 0.91;

double bessel_i0(double x) {
  double sum = 1.0;
  double term = 1.0;
  for (int n = 1; n < 60; ++n) {
    term *= (x / 2.0) / n;
    sum += term * term;
  }
  return sum;
}

std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return a >= 0 ? (a + b - 1) / b : -((-a) / b);
}

float dot(const float* a, const float* b, std::size_t taps) {
  float lanes[kLanes] = {};
  for (std::size_t i = 0; i < taps; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += a[i + lane] * b[i + lane];
  }
  return ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) +
         ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
}

}  // namespace

ResamplerTable::ResamplerTable(std::uint32_t in_rate, std::uint32_t out_rate) {
  const std::uint64_t divisor = std::gcd(in_rate, out_rate);
  up_ = out_rate / divisor;
  down_ = in_rate / divisor;
  if (identity()) return;
  const double ratio = std::min(1.0, static_cast<double>(up_) / static_cast<double>(down_));
  half_ = static_cast<std::size_t>(std::ceil(kZeroCrossings / ratio));
  half_ = (half_ + kLanes / 2 - 1) / (kLanes / 2) * (kLanes / 2);
  taps_ = 2 * half_;
  interpolate_ = up_ > kMaxPhases;
  phases_ = interpolate_ ? kMaxPhases : up_;
  delay_ = static_cast<std::uint32_t>((half_ * up_ + down_ - 1) / down_);
  build(kCutoff * ratio);
}

void ResamplerTable::build(double cutoff) {
  rows_.resize((phases_ + 1) * taps_);
  const double window_scale = 1.0 / bessel_i0(kKaiserBeta);
  for (std::uint64_t phase = 0; phase <= phases_; ++phase) {
    float* row = rows_.data() + phase * taps_;
    const double fraction = static_cast<double>(phase) / static_cast<double>(phases_);
    double sum = 0.0;
    for (std::size_t i = 0; i < taps_; ++i) {
      const double x = static_cast<double>(i) - static_cast<double>(half_ - 1) - fraction;
      const double edge = x / static_cast<double>(half_);
      const double inside = 1.0 - edge * edge;
      const double angle = cutoff * x;
      const double sinc =
          std::fabs(x) < 1e-12 ? cutoff : sin_turns(angle / 2.0) / (3.141592653589793 * x);
      const double value =
          inside > 0.0 ? sinc * bessel_i0(kKaiserBeta * std::sqrt(inside)) * window_scale : 0.0;
      row[i] = static_cast<float>(value);
      sum += value;
    }
    for (std::size_t i = 0; i < taps_; ++i) {
      row[i] = static_cast<float>(static_cast<double>(row[i]) / sum);
    }
  }
}

std::int64_t ResamplerTable::inputs_for(std::int64_t position) const {
  if (identity()) return position + 1;
  const auto whole = position * static_cast<std::int64_t>(down_) / static_cast<std::int64_t>(up_);
  return whole + static_cast<std::int64_t>(half_) + 1;
}

std::int64_t ResamplerTable::output_at(std::int64_t input) const {
  return ceil_div(input * static_cast<std::int64_t>(up_), static_cast<std::int64_t>(down_));
}

Resampler::Resampler(const ResamplerTable& table)
    : table_(table), history_(table.identity() ? 0 : 2 * table.taps_), length_(table.taps_) {}

std::int64_t Resampler::begin(std::int64_t start) {
  std::fill(history_.begin(), history_.end(), 0.0f);
  next_input_ = start;
  next_output_ = table_.output_at(start);
  return next_output_;
}

std::int64_t Resampler::inputs_needed(std::int64_t position) const {
  return std::max<std::int64_t>(table_.inputs_for(position) - next_input_, 0);
}

float Resampler::interpolate_at(std::int64_t position) const {
  const auto up = table_.up_;
  const auto scaled = static_cast<std::uint64_t>(position) * table_.down_;
  const std::uint64_t fraction = scaled % up;
  // process() never takes an input that the next output does not need, so the history ends at the
  // newest tap; the doubled buffer makes it contiguous from the write position on.
  const float* span =
      history_.data() + static_cast<std::size_t>(next_input_ % static_cast<std::int64_t>(length_));
  if (!table_.interpolate_)
    return dot(span, table_.rows_.data() + fraction * table_.taps_, table_.taps_);
  const std::uint64_t fine = fraction * table_.phases_;
  const std::uint64_t row = fine / up;
  const float blend = static_cast<float>(static_cast<double>(fine % up) / static_cast<double>(up));
  const float* first = table_.rows_.data() + row * table_.taps_;
  return lerp(dot(span, first, table_.taps_), dot(span, first + table_.taps_, table_.taps_), blend);
}

std::size_t Resampler::process(const float* in, std::size_t count, std::size_t* consumed,
                               float* out, std::size_t capacity) {
  *consumed = 0;
  if (table_.identity()) {
    const std::size_t moved = std::min(count, capacity);
    std::copy(in, in + moved, out);
    next_input_ += static_cast<std::int64_t>(moved);
    next_output_ += static_cast<std::int64_t>(moved);
    *consumed = moved;
    return moved;
  }
  std::size_t written = 0;
  while (true) {
    std::int64_t needed = inputs_needed(next_output_);
    while (needed > 0 && *consumed < count) {
      const std::size_t slot =
          static_cast<std::size_t>(next_input_ % static_cast<std::int64_t>(length_));
      history_[slot] = history_[slot + length_] = in[*consumed];
      ++next_input_;
      ++*consumed;
      --needed;
    }
    if (needed > 0 || written == capacity) return written;
    out[written++] = interpolate_at(next_output_++);
  }
}

void Resampler::restore(const State& state, const float* history) {
  next_input_ = state.next_input;
  next_output_ = state.next_output;
  std::copy(history, history + history_.size(), history_.begin());
}

}  // namespace talkface
