// Lock-free queues between one producer and one consumer.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace TalkFaceCore {

// Small things in order.
template <typename Item>
class SpscQueue {
 public:
  explicit SpscQueue(std::size_t Capacity) : Items(Capacity) {}

  // [producer] False when full.
  bool Push(const Item& Value) {
    if (IsFull()) return false;
    const uint64_t At = End.load(std::memory_order_relaxed);
    Items[At % Items.size()] = Value;
    End.store(At + 1, std::memory_order_release);
    return true;
  }

  // [producer]
  bool IsFull() const {
    return End.load(std::memory_order_relaxed) - Begin.load(std::memory_order_acquire) ==
           Items.size();
  }

  // [consumer] The oldest one, or null.
  const Item* Front() const {
    const uint64_t At = Begin.load(std::memory_order_relaxed);
    return At == End.load(std::memory_order_acquire) ? nullptr : &Items[At % Items.size()];
  }

  // [consumer] After Front.
  void Pop() { Begin.fetch_add(1, std::memory_order_release); }

 private:
  std::vector<Item> Items;
  std::atomic<uint64_t> Begin{0};
  std::atomic<uint64_t> End{0};
};

// Interleaved audio; positions count sample frames since creation.
class PcmQueue {
 public:
  PcmQueue(std::size_t CapacityFrames, uint32_t ChannelsOfFrame)
      : Capacity(CapacityFrames),
        Channels(ChannelsOfFrame),
        Samples(CapacityFrames * ChannelsOfFrame) {}

  // [producer] Returns how many frames were taken.
  uint64_t Push(const float* Data, uint64_t Frames) {
    return Write(Frames, [Data](std::size_t Index) { return Data[Index]; });
  }

  // [producer] 16-bit audio; a value v counts as v / 32768.
  uint64_t Push(const int16_t* Data, uint64_t Frames) {
    return Write(Frames,
                 [Data](std::size_t Index) { return static_cast<float>(Data[Index]) / 32768.0f; });
  }

  // [any] Frames written and read so far.
  uint64_t Written() const { return End.load(std::memory_order_acquire); }
  uint64_t Read() const { return Begin.load(std::memory_order_acquire); }

  // [consumer] Up to Frames frames that lie in one piece; *Count says how many.
  const float* Front(uint64_t Frames, uint64_t* Count) const {
    const uint64_t At = Read();
    const std::size_t Place = static_cast<std::size_t>(At % Capacity);
    *Count = std::min({Frames, Written() - At, static_cast<uint64_t>(Capacity - Place)});
    return Samples.data() + Place * Channels;
  }

  // [consumer] Leave everything before Position behind; Read() at most Written().
  void SkipTo(uint64_t Position) { Begin.store(Position, std::memory_order_release); }

 private:
  template <typename Value>
  uint64_t Write(uint64_t Frames, Value&& At) {
    const uint64_t From = End.load(std::memory_order_relaxed);
    const uint64_t Taken = std::min(Frames, Capacity - (From - Read()));
    const std::size_t Count = static_cast<std::size_t>(Taken) * Channels;
    std::size_t Place = static_cast<std::size_t>(From % Capacity) * Channels;
    for (std::size_t Index = 0; Index < Count; ++Index) {
      Samples[Place] = At(Index);
      if (++Place == Samples.size()) Place = 0;
    }
    End.store(From + Taken, std::memory_order_release);
    return Taken;
  }

  const uint64_t Capacity;
  const uint32_t Channels;
  std::vector<float> Samples;
  std::atomic<uint64_t> Begin{0};
  std::atomic<uint64_t> End{0};
};

}  // namespace TalkFaceCore
