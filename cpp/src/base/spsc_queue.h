// Single-producer single-consumer queue of plain items with absolute 64-bit counters.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace talkface {

template <typename T>
class SpscQueue {
 public:
  explicit SpscQueue(std::size_t capacity) : items_(capacity) {}

  [[nodiscard]] std::uint64_t capacity() const { return items_.size(); }

  // Producer: false when the queue is full.
  bool push(const T& item) {
    const std::uint64_t at = written_.load(std::memory_order_relaxed);
    if (at - consumed() >= capacity()) return false;
    items_[at % capacity()] = item;
    written_.store(at + 1, std::memory_order_release);
    return true;
  }
  [[nodiscard]] std::uint64_t written() const { return written_.load(std::memory_order_acquire); }

  // Consumer.
  [[nodiscard]] std::uint64_t consumed() const { return consumed_.load(std::memory_order_acquire); }
  [[nodiscard]] const T& front() const { return items_[consumed() % capacity()]; }
  void pop() { consumed_.store(consumed() + 1, std::memory_order_release); }
  void drop_before(std::uint64_t position) {
    if (position > consumed()) {
      consumed_.store(std::min(position, written()), std::memory_order_release);
    }
  }

  // For save and load, while neither side runs.
  [[nodiscard]] std::vector<T> pending() const {
    std::vector<T> list;
    for (std::uint64_t i = consumed(); i < written(); ++i) list.push_back(items_[i % capacity()]);
    return list;
  }
  void restore(const T* items, std::uint64_t count) {
    // Counters go on, so that a request from before keeps its place.
    const std::uint64_t from = written();
    consumed_.store(from, std::memory_order_relaxed);
    for (std::uint64_t i = 0; i < count; ++i) items_[(from + i) % capacity()] = items[i];
    written_.store(from + count, std::memory_order_release);
  }

 private:
  std::vector<T> items_;
  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> consumed_{0};
};

}  // namespace talkface
