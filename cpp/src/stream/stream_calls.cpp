// What the host's audio and game threads call, and the queries: bounded time, no allocation, no
// lock.
#include <algorithm>

#include "base/fp_mode.h"
#include "base/math.h"
#include "stream/stream.h"

namespace talkface {
namespace {

float to_float(float sample) { return sample; }
float to_float(std::int16_t sample) { return static_cast<float>(sample) * (1.0f / 32768.0f); }

}  // namespace

// ---- audio thread

template <typename Sample>
Code Stream::push_any(const Sample* samples, std::uint64_t frames, std::uint64_t* taken) {
  const std::size_t channels = config_.channels;
  const float scale = 1.0f / static_cast<float>(channels);
  std::uint64_t done = 0;
  std::uint64_t bad = 0;
  while (done < frames) {
    const std::uint64_t left = std::min<std::uint64_t>(frames - done, ring_.capacity());
    const Span<float> room = ring_.free_span(static_cast<std::size_t>(left));
    if (room.size == 0) break;
    const Sample* source = samples + done * channels;
    for (std::size_t i = 0; i < room.size; ++i) {
      float sum = 0.0f;
      for (std::size_t c = 0; c < channels; ++c) {
        float value = to_float(*source++);
        if (!is_finite(value)) {
          value = 0.0f;
          ++bad;
        }
        sum += value * scale;
      }
      room[i] = sum;
    }
    ring_.commit(room.size);
    done += room.size;
  }
  if (bad > 0) nonfinite_.fetch_add(bad, std::memory_order_relaxed);
  if (taken != nullptr) *taken = done;
  if (done == frames) return Code::kOk;
  refused_.fetch_add(frames - done, std::memory_order_relaxed);
  return Code::kFull;
}

Code Stream::push(const float* samples, std::uint64_t frames, std::uint64_t* taken) {
  return push_any(samples, frames, taken);
}

Code Stream::push(const std::int16_t* samples, std::uint64_t frames, std::uint64_t* taken) {
  return push_any(samples, frames, taken);
}

Code Stream::push_phone(const Phone& phone) {
  return phones_.push(phone) ? Code::kOk : Code::kFull;
}

Code Stream::push_emotion(const EmotionKey& key) {
  return queued_keys_.push(key) ? Code::kOk : Code::kFull;
}

Code Stream::flush() { return marks_.push(ring_.written()) ? Code::kOk : Code::kFull; }

bool Stream::Marks::push(std::uint64_t position) {
  const std::uint64_t at = written_.load(std::memory_order_relaxed);
  if (at - read_.load(std::memory_order_acquire) >= kCapacity) return false;
  positions_[at % kCapacity].store(position, std::memory_order_relaxed);
  written_.store(at + 1, std::memory_order_release);
  return true;
}

std::uint64_t Stream::Marks::front_or(std::uint64_t none) const {
  const std::uint64_t at = read_.load(std::memory_order_relaxed);
  if (at == written_.load(std::memory_order_acquire)) return none;
  return positions_[at % kCapacity].load(std::memory_order_relaxed);
}

// ---- requests from any thread

void Stream::interrupt(std::uint32_t ease_ms) {
  interrupt_phones_.store(phones_.written(), std::memory_order_release);
  interrupt_keys_.store(queued_keys_.written(), std::memory_order_release);
  interrupt_ease_.store(ease_ms, std::memory_order_relaxed);
  interrupt_request_.store(ring_.written() + 1, std::memory_order_release);
}

void Stream::reset() {
  refused_before_.store(refused_.load(std::memory_order_relaxed), std::memory_order_relaxed);
  nonfinite_before_.store(nonfinite_.load(std::memory_order_relaxed), std::memory_order_relaxed);
  reset_phones_.store(phones_.written(), std::memory_order_release);
  reset_keys_.store(queued_keys_.written(), std::memory_order_release);
  reset_request_.store(ring_.written() + 1, std::memory_order_release);
}

// ---- game thread and queries

bool Stream::read(Frame* frame, std::int64_t* index, double* seconds) {
  const FpModeGuard guard;
  if (reset_request_.load(std::memory_order_acquire) != 0) return false;
  return timeline_.read(frame, index, seconds);
}

std::uint32_t Stream::sample(std::int64_t playhead, bool newest, Frame* frame, double* seconds) {
  const FpModeGuard guard;
  if (reset_request_.load(std::memory_order_acquire) != 0) {
    *frame = Frame();
    *seconds = newest ? 0.0 : static_cast<double>(playhead) / config_.sample_rate;
    return Timeline::kEmpty;
  }
  return timeline_.sample(playhead, newest, frame, seconds);
}

std::uint64_t Stream::frames_ready() const {
  return reset_request_.load(std::memory_order_acquire) != 0 ? 0 : timeline_.ready();
}

std::uint32_t Stream::latency() const {
  return table_->delay() + static_cast<std::uint32_t>(shape_.due()) + model_->manifest().hop;
}

std::int64_t Stream::next_sample() const {
  const std::uint64_t request = reset_request_.load(std::memory_order_acquire);
  const std::uint64_t origin = request != 0 ? request - 1 : origin_.load(std::memory_order_acquire);
  return static_cast<std::int64_t>(ring_.written() - origin);
}

std::uint64_t Stream::samples_needed() const {
  if (reset_request_.load(std::memory_order_acquire) != 0 ||
      interrupt_request_.load(std::memory_order_acquire) != 0 || marks_.pending_count() > 0) {
    return 0;
  }
  const std::uint64_t until = needed_until_.load(std::memory_order_acquire);
  const std::uint64_t written = ring_.written();
  return until > written ? until - written : 0;
}

StreamStats Stream::stats() const {
  const auto get = [](const std::atomic<std::uint64_t>& counter) {
    return counter.load(std::memory_order_relaxed);
  };
  const std::uint64_t refused = get(refused_) - get(refused_before_);
  const std::uint64_t nonfinite = get(nonfinite_) - get(nonfinite_before_);
  const auto taken = static_cast<std::uint64_t>(next_sample());
  if (reset_request_.load(std::memory_order_acquire) != 0) {
    return {taken, refused, nonfinite, 0, 0, 0, false};
  }
  return {taken,
          refused,
          nonfinite,
          get(model_resets_),
          get(steps_),
          get(made_),
          asleep_.load(std::memory_order_relaxed)};
}

}  // namespace talkface
