// Single-producer single-consumer ring of floats with absolute 64-bit counters.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/span.h"

namespace talkface {

class AudioRing {
 public:
  explicit AudioRing(std::size_t capacity) : samples_(capacity) {}

  [[nodiscard]] std::size_t capacity() const { return samples_.size(); }
  [[nodiscard]] std::uint64_t written() const { return written_.load(std::memory_order_acquire); }
  [[nodiscard]] std::uint64_t consumed() const { return consumed_.load(std::memory_order_acquire); }

  // Producer: room for new samples.
  [[nodiscard]] std::size_t space() const {
    return samples_.size() - static_cast<std::size_t>(written_.load(std::memory_order_relaxed) -
                                                      consumed_.load(std::memory_order_acquire));
  }

  // Producer: the contiguous free span at the write position, at most `wanted` long.
  Span<float> free_span(std::size_t wanted) {
    const std::size_t at =
        static_cast<std::size_t>(written_.load(std::memory_order_relaxed) % samples_.size());
    return {samples_.data() + at, std::min({wanted, space(), samples_.size() - at})};
  }
  void commit(std::size_t count) {
    written_.store(written_.load(std::memory_order_relaxed) + count, std::memory_order_release);
  }

  // Consumer: copy up to `count` samples out; returns how many.
  std::size_t read(float* destination, std::size_t count) {
    const std::uint64_t from = consumed_.load(std::memory_order_relaxed);
    count = std::min(count, static_cast<std::size_t>(written() - from));
    copy(from, destination, count);
    consumed_.store(from + count, std::memory_order_release);
    return count;
  }

  // Consumer: copy samples from an absolute position on, which must be stored; they stay.
  void copy(std::uint64_t position, float* destination, std::size_t count) const {
    const std::size_t start = static_cast<std::size_t>(position % samples_.size());
    const std::size_t first = std::min(count, samples_.size() - start);
    std::memcpy(destination, samples_.data() + start, first * sizeof(float));
    std::memcpy(destination + first, samples_.data(), (count - first) * sizeof(float));
  }

  // Consumer: drop everything before an absolute position.
  void drop_before(std::uint64_t position) {
    if (position > consumed_.load(std::memory_order_relaxed)) {
      consumed_.store(std::min(position, written()), std::memory_order_release);
    }
  }

  // For save and load, while neither side runs.
  [[nodiscard]] const std::vector<float>& storage() const { return samples_; }
  void restore(const float* samples, std::uint64_t consumed, std::uint64_t written) {
    std::memcpy(samples_.data(), samples, samples_.size() * sizeof(float));
    consumed_.store(consumed, std::memory_order_relaxed);
    written_.store(written, std::memory_order_release);
  }

 private:
  std::vector<float> samples_;
  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> consumed_{0};
};

}  // namespace talkface
