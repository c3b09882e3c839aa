// What a host directs: a constant mix, and timed keys on their way from the audio thread to a
// bounded timeline.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "anim/emotion.h"
#include "base/spsc_queue.h"

namespace talkface {

// A mix at an input position.
struct EmotionKey {
  std::int64_t sample = 0;
  EmotionMix mix = kNeutralMix;
  float weight = 0.0f;
  std::uint32_t reserved = 0;
};

using EmotionQueue = SpscQueue<EmotionKey>;

// The constant direction: one writer, one reader, no locks. A sequence lock, as in Timeline.
class EmotionSetting {
 public:
  EmotionSetting() { set(Direction()); }
  void set(const Direction& direction);
  // `last` where a writer never stops.
  [[nodiscard]] Direction get(const Direction& last) const;

 private:
  std::atomic<std::uint64_t> version_{0};  // odd while being written
  std::array<std::atomic<float>, kEmotionCount + 1> values_{};
};

class EmotionTrack {
 public:
  static constexpr std::int64_t kFarthest = std::int64_t{1} << 46;

  // `history`: input samples that a key is kept after the next one. `capacity`: keys at most.
  EmotionTrack(std::int64_t history, std::size_t capacity)
      : history_(history), capacity_(capacity) {
    keys_.reserve(capacity);
  }

  void clear() { keys_.clear(); }
  // Take keys from the queue up to position `horizon`, as many as fit. `now`: input position.
  void admit(EmotionQueue* queue, std::uint64_t horizon, std::int64_t now);
  // Direction at an input position: linear between keys, the last one holds; `constant` before the
  // first.
  [[nodiscard]] Direction at(double sample, const Direction& constant) const;

  // For save and load.
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] const std::vector<EmotionKey>& keys() const { return keys_; }
  [[nodiscard]] static bool accepts(const EmotionKey& key);
  void restore(const EmotionKey* keys, std::size_t count) { keys_.assign(keys, keys + count); }

 private:
  void forget(std::int64_t before);
  void insert(const EmotionKey& key);

  std::int64_t history_;
  std::size_t capacity_;
  std::vector<EmotionKey> keys_;  // in time order, at most two at one time
};

}  // namespace talkface
