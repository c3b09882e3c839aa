#include "anim/timeline.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/math.h"

namespace talkface {
namespace {

constexpr double kHoldSeconds = 0.1;
constexpr double kEaseSeconds = 0.2;
constexpr double kFarthest = 1e12;  // frames: keeps playheads of any size in 64 bits
Rational reduced(Rational rate) {
  const std::int64_t divisor = std::gcd(rate.num, rate.den);
  return {rate.num / divisor, rate.den / divisor};
}

// How far a pose has eased to neutral when the newest frame is `late` seconds old.
float easing(double late) {
  return smoothstep(0.0f, 1.0f, static_cast<float>((late - kHoldSeconds) / kEaseSeconds));
}

constexpr std::uint64_t kCursorBits = 48;
constexpr std::uint64_t kCursorMask = (std::uint64_t{1} << kCursorBits) - 1;

}  // namespace

Frame interpolate(const Frame& a, const Frame& b, float t) {
  float from[kFrameFloats];
  float to[kFrameFloats];
  std::memcpy(from, &a, sizeof(a));
  std::memcpy(to, &b, sizeof(b));
  for (std::size_t i = 0; i < kFrameFloats; ++i) from[i] = lerp(from[i], to[i], t);
  Frame out;
  std::memcpy(&out, from, sizeof(out));
  const auto& qa = a.head_rotation;
  const auto& qb = b.head_rotation;
  const float dot = qa[0] * qb[0] + qa[1] * qb[1] + qa[2] * qb[2] + qa[3] * qb[3];
  const float sign = dot < 0.0f ? -1.0f : 1.0f;
  double norm = 0.0;
  for (std::size_t i = 0; i < 4; ++i) {
    out.head_rotation[i] = lerp(qa[i], sign * qb[i], t);
    norm += static_cast<double>(out.head_rotation[i]) * static_cast<double>(out.head_rotation[i]);
  }
  const double scale = norm > 1e-12 ? 1.0 / std::sqrt(norm) : 0.0;
  for (float& x : out.head_rotation) x = static_cast<float>(static_cast<double>(x) * scale);
  if (norm <= 1e-12) out.head_rotation = Frame().head_rotation;
  return out;
}

// A cursor holds value - initial + 1, so that 0 means "never set".
std::int64_t Timeline::Cursor::get(std::int64_t epoch) const {
  const std::uint64_t packed = packed_.load(std::memory_order_acquire);
  const std::uint64_t held = packed & kCursorMask;
  if (held == 0 || packed >> kCursorBits != (static_cast<std::uint64_t>(epoch) & 0xffff)) {
    return initial_;
  }
  return static_cast<std::int64_t>(held) - 1 + initial_;
}

void Timeline::Cursor::set(std::int64_t epoch, std::int64_t value) {
  const auto held = static_cast<std::uint64_t>(value - initial_ + 1) & kCursorMask;
  packed_.store(static_cast<std::uint64_t>(epoch) << kCursorBits | held, std::memory_order_release);
}

Timeline::Timeline(std::size_t capacity, Rational rate, Rational out_rate, std::int64_t sample_rate,
                   bool overwrite)
    : slots_(std::max<std::size_t>(capacity, 4)),
      rate_(reduced(rate)),
      out_rate_(reduced(out_rate)),
      sample_rate_(sample_rate),
      overwrite_(overwrite) {}

void Timeline::clear() {
  // First the end: a reader between the two stores finds nothing, and must not save an old position
  // under the new epoch.
  end_.store(0, std::memory_order_release);
  epoch_.fetch_add(1, std::memory_order_acq_rel);
  oldest_.store(0, std::memory_order_release);
  limit_.store(kNoLimit, std::memory_order_release);
  for (Slot& slot : slots_) slot.index.store(-1, std::memory_order_release);
}

std::int64_t Timeline::room() const {
  const auto capacity = static_cast<std::int64_t>(slots_.size());
  if (overwrite_) return capacity;
  float share = 0.0f;
  const std::int64_t next = read_next_.get(epoch_.load(std::memory_order_acquire));
  return capacity - (end() - std::min(position_of(next, &share), end()));
}

std::int64_t Timeline::room_ahead_of_sampler() const {
  return last_seen() + static_cast<std::int64_t>(slots_.size()) - end();
}

void Timeline::write(std::int64_t index, const Frame& frame) {
  Slot& slot = slots_[static_cast<std::size_t>(index) % slots_.size()];
  float values[kFrameFloats];
  std::memcpy(values, &frame, sizeof(frame));
  const std::uint64_t version = slot.version.load(std::memory_order_relaxed);
  slot.version.store(version + 1, std::memory_order_relaxed);
  // Each release store keeps the odd version before it, without a fence (sanitizers know none).
  slot.index.store(index, std::memory_order_release);
  for (std::size_t i = 0; i < kFrameFloats; ++i) {
    slot.values[i].store(values[i], std::memory_order_release);
  }
  slot.version.store(version + 2, std::memory_order_release);
}

void Timeline::append(const Frame& frame) {
  const std::int64_t index = end_.load(std::memory_order_relaxed);
  const std::int64_t kept = index + 1 - static_cast<std::int64_t>(slots_.size());
  if (kept > oldest()) oldest_.store(kept, std::memory_order_release);
  write(index, frame);
  end_.store(index + 1, std::memory_order_release);
}

void Timeline::rewind_to(std::int64_t index) {
  const std::int64_t next = std::min(index + 1, end());
  if (next < oldest()) oldest_.store(next, std::memory_order_release);
  end_.store(next, std::memory_order_release);
}

bool Timeline::load(std::int64_t index, Frame* frame) const {
  if (index < 0) return false;
  const Slot& slot = slots_[static_cast<std::size_t>(index) % slots_.size()];
  const std::uint64_t version = slot.version.load(std::memory_order_acquire);
  if (version % 2 != 0 || slot.index.load(std::memory_order_relaxed) != index) return false;
  float values[kFrameFloats];
  for (std::size_t i = 0; i < kFrameFloats; ++i) {
    values[i] = slot.values[i].load(std::memory_order_acquire);
  }
  if (slot.version.load(std::memory_order_relaxed) != version) return false;
  std::memcpy(frame, values, sizeof(*frame));
  return true;
}

std::int64_t Timeline::position_of(std::int64_t k, float* share) const {
  const std::int64_t numerator = k * out_rate_.den * rate_.num;
  const std::int64_t denominator = out_rate_.num * rate_.den;
  *share = static_cast<float>(static_cast<double>(numerator % denominator) /
                              static_cast<double>(denominator));
  return numerator / denominator;
}

bool Timeline::readable(std::int64_t k, std::int64_t end) const {
  float share = 0.0f;
  const std::int64_t first = position_of(k, &share);
  if (first + (share > 0.0f ? 1 : 0) >= end) return false;
  const std::int64_t stop = limit();
  return stop == kNoLimit || k * out_rate_.den * sample_rate_ < stop * out_rate_.num;
}

std::int64_t Timeline::first_stored_output(std::int64_t k) const {
  float share = 0.0f;
  const std::int64_t low = oldest();
  if (position_of(k, &share) >= low) return k;
  const std::int64_t numerator = low * rate_.den * out_rate_.num;
  const std::int64_t denominator = rate_.num * out_rate_.den;
  return (numerator + denominator - 1) / denominator;
}

std::uint64_t Timeline::ready() const {
  const std::int64_t stop = end();
  const std::int64_t epoch = epoch_.load(std::memory_order_acquire);
  const std::int64_t k = first_stored_output(read_next_.get(epoch));
  if (!readable(k, stop)) return 0;
  // Grow, then halve: readable(k) holds up to one last k.
  std::int64_t low = k;
  std::int64_t step = 1;
  while (readable(low + step, stop)) {
    low += step;
    step *= 2;
  }
  for (; step > 0; step /= 2) {
    if (readable(low + step, stop)) low += step;
  }
  return static_cast<std::uint64_t>(low - k + 1);
}

bool Timeline::blend(std::int64_t index, float share, Frame* frame) const {
  if (share <= 0.0f) return load(index, frame);
  Frame a;
  Frame b;
  if (!load(index, &a) || !load(index + 1, &b)) return false;
  *frame = interpolate(a, b, share);
  return true;
}

bool Timeline::read(Frame* frame, std::int64_t* index, double* seconds) {
  // A writer that overwrites or clears may come between the checks; then look again.
  for (int attempt = 0; attempt < 8; ++attempt) {
    const std::int64_t epoch = epoch_.load(std::memory_order_acquire);
    const std::int64_t k = first_stored_output(read_next_.get(epoch));
    if (!readable(k, end())) return false;
    float share = 0.0f;
    const std::int64_t first = position_of(k, &share);
    if (!blend(first, share, frame)) continue;
    if (epoch_.load(std::memory_order_acquire) != epoch) continue;
    read_next_.set(epoch, k + 1);
    *index = k;
    *seconds = static_cast<double>(k) * static_cast<double>(out_rate_.den) /
               static_cast<double>(out_rate_.num);
    return true;
  }
  return false;
}

std::uint32_t Timeline::sample(std::int64_t position, bool newest, Frame* frame, double* seconds) {
  const double frame_seconds = static_cast<double>(rate_.den) / static_cast<double>(rate_.num);
  const double asked = static_cast<double>(position) / static_cast<double>(sample_rate_);
  *frame = Frame();
  *seconds = newest ? 0.0 : asked;
  for (int attempt = 0; attempt < 8; ++attempt) {
    const std::int64_t epoch = epoch_.load(std::memory_order_acquire);
    const std::int64_t stop = end();
    if (stop == 0) return kEmpty;
    const auto last = static_cast<double>(stop - 1);
    const double at = newest ? last : std::min(std::max(asked / frame_seconds, 0.0), kFarthest);
    std::uint32_t flags = 0;
    auto first = static_cast<std::int64_t>(at);
    float share = static_cast<float>(at - static_cast<double>(first));
    const std::int64_t seen = first + (share > 0.0f ? 1 : 0);
    if (first < oldest()) {
      first = oldest();
      share = 0.0f;
      flags = kEarly;
    }
    const double late = std::max(at - last, 0.0) * frame_seconds;
    if (first >= stop - 1) {
      first = stop - 1;
      share = 0.0f;
    }
    Frame found;
    if (!blend(first, share, &found)) continue;
    if (epoch_.load(std::memory_order_acquire) != epoch) continue;
    sampled_.set(epoch, seen);
    if (newest) *seconds = last * frame_seconds;
    if (late > 0.0) flags |= late > kHoldSeconds ? kEasing : kHeld;
    const float ease = easing(late);
    *frame = ease > 0.0f ? interpolate(found, Frame(), ease) : found;
    return flags;
  }
  return kEmpty;
}

std::int64_t Timeline::last_seen() const {
  float share = 0.0f;
  const std::int64_t epoch = epoch_.load(std::memory_order_acquire);
  const std::int64_t next = read_next_.get(epoch);
  std::int64_t read = -1;
  if (next > 0) {
    read = position_of(next - 1, &share);
    if (share > 0.0f) ++read;
  }
  return std::min(std::max(read, sampled_.get(epoch)), end() - 1);
}

Frame Timeline::pose_seen() const {
  Frame frame;
  const std::int64_t seen = last_seen();
  if (seen < 0 || !load(seen, &frame)) return Frame();
  const std::int64_t sampled = sampled_.get(epoch_.load(std::memory_order_acquire));
  const double late = static_cast<double>(sampled - seen) * static_cast<double>(rate_.den) /
                      static_cast<double>(rate_.num);
  return interpolate(frame, Frame(), easing(late));
}

Timeline::State Timeline::state() const {
  const std::int64_t epoch = epoch_.load(std::memory_order_acquire);
  return {end(), oldest(), limit(), read_next_.get(epoch), sampled_.get(epoch)};
}

void Timeline::restore(const State& state, const Frame* frames) {
  clear();
  const std::int64_t epoch = epoch_.load(std::memory_order_acquire);
  for (std::int64_t i = state.oldest; i < state.end; ++i) {
    write(i, frames[static_cast<std::size_t>(i) % slots_.size()]);
  }
  oldest_.store(state.oldest, std::memory_order_release);
  limit_.store(state.limit, std::memory_order_release);
  read_next_.set(epoch, state.read_next);
  sampled_.set(epoch, state.sampled);
  end_.store(state.end, std::memory_order_release);
}

}  // namespace talkface
