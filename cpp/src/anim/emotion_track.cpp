#include "anim/emotion_track.h"

#include <algorithm>

#include "base/math.h"

namespace talkface {

void EmotionSetting::set(const Direction& direction) {
  const std::uint64_t version = version_.load(std::memory_order_relaxed);
  version_.store(version + 1, std::memory_order_relaxed);
  // Each release store keeps the odd version before it, without a fence.
  for (std::size_t i = 0; i < kEmotionCount; ++i) {
    values_[i].store(direction.mix[i], std::memory_order_release);
  }
  values_[kEmotionCount].store(direction.weight, std::memory_order_release);
  version_.store(version + 2, std::memory_order_release);
}

Direction EmotionSetting::get(const Direction& last) const {
  for (int attempt = 0; attempt < 8; ++attempt) {
    const std::uint64_t version = version_.load(std::memory_order_acquire);
    Direction found;
    for (std::size_t i = 0; i < kEmotionCount; ++i) {
      found.mix[i] = values_[i].load(std::memory_order_acquire);
    }
    found.weight = values_[kEmotionCount].load(std::memory_order_acquire);
    if (version % 2 == 0 && version_.load(std::memory_order_relaxed) == version) return found;
  }
  return last;
}

void EmotionTrack::admit(EmotionQueue* queue, std::uint64_t horizon, std::int64_t now) {
  if (queue->consumed() >= horizon) return;
  forget(now - history_);
  while (queue->consumed() < horizon &&
         (keys_.size() < capacity_ || queue->front().sample < keys_.back().sample)) {
    insert(queue->front());
    queue->pop();
  }
}

// The newest key from before stays: it holds.
void EmotionTrack::forget(std::int64_t before) {
  const auto after = std::partition_point(
      keys_.begin(), keys_.end(), [&](const EmotionKey& key) { return key.sample <= before; });
  if (after - keys_.begin() > 1) keys_.erase(keys_.begin(), after - 1);
}

// A key replaces those behind it; of more than two at one time the first and the last count.
void EmotionTrack::insert(const EmotionKey& key) {
  const auto after = std::partition_point(
      keys_.begin(), keys_.end(), [&](const EmotionKey& k) { return k.sample <= key.sample; });
  keys_.erase(after, keys_.end());
  const std::size_t count = keys_.size();
  if (count > 1 && keys_[count - 2].sample == key.sample) keys_.pop_back();
  keys_.push_back(key);
}

Direction EmotionTrack::at(double sample, const Direction& constant) const {
  const auto next = std::partition_point(keys_.begin(), keys_.end(), [&](const EmotionKey& key) {
    return static_cast<double>(key.sample) <= sample;
  });
  if (next == keys_.begin()) return constant;
  const EmotionKey& before = *(next - 1);
  if (next == keys_.end()) return {before.mix, before.weight};
  const double span = static_cast<double>(next->sample - before.sample);
  const auto t = static_cast<float>((sample - static_cast<double>(before.sample)) / span);
  Direction out;
  for (std::size_t i = 1; i < kEmotionCount; ++i) {
    out.mix[i] = lerp(before.mix[i], next->mix[i], t);
  }
  complete(&out.mix);
  out.weight = clamp01(lerp(before.weight, next->weight, t));
  return out;
}

bool EmotionTrack::accepts(const EmotionKey& key) {
  return key.sample >= 0 && key.sample <= kFarthest && sound(key.mix) && key.weight >= 0.0f &&
         key.weight <= 1.0f;
}

}  // namespace talkface
