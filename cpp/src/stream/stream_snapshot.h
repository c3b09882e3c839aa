// A copy of everything mutable in a stream, for save and load.
#pragma once

#include <cstring>
#include <type_traits>
#include <vector>

#include "stream/stream.h"

namespace talkface {

// Walks the same list of fields to count, write or read them.
class Archive {
 public:
  enum class Mode { kCount, kWrite, kRead };
  Archive(Mode mode, void* buffer) : mode_(mode), at_(static_cast<unsigned char*>(buffer)) {}

  void bytes(void* data, std::size_t size) {
    if (size == 0) return;
    if (mode_ == Mode::kWrite) std::memcpy(at_ + size_, data, size);
    if (mode_ == Mode::kRead) std::memcpy(data, at_ + size_, size);
    size_ += size;
  }
  template <typename T>
  void value(T* item) {
    static_assert(std::is_trivially_copyable_v<T>, "plain data only");
    bytes(item, sizeof(T));
  }
  void floats(std::vector<float>* values) { bytes(values->data(), values->size() * sizeof(float)); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  Mode mode_;
  unsigned char* at_;
  std::size_t size_ = 0;
};

// A copy of everything mutable.
struct Stream::Snapshot {
  explicit Snapshot(const Stream& s);

  Status take(Stream& s);
  // The same list of fields to count, write or read them.
  void walk(Archive* a);

  // Everything that indexes memory, bounds a loop or comes out again.
  [[nodiscard]] bool plausible(const Stream& s) const {
    return sound_values() && sound_direction() && sound_audio(s) && sound_script(s) &&
           sound_timeline(s) && sound_progress(s);
  }

  std::vector<float> ring;
  std::uint64_t written = 0, consumed = 0, mark_count = 0;
  std::uint64_t marks[Marks::kCapacity] = {};
  std::vector<float> history;
  Resampler::State resampler{};
  std::vector<float> window;
  Windower::State windower{};
  std::vector<float> state;
  std::vector<Phone> queued;
  std::vector<Phone> script;
  std::uint64_t queued_count = 0, script_count = 0;
  std::vector<EmotionKey> queued_keys;
  std::vector<EmotionKey> keys;
  std::uint64_t queued_key_count = 0, key_count = 0;
  Direction constant;
  std::int64_t script_begin = 0;
  PostProcess::State post{};
  std::vector<Frame> frames;
  Life life;
  std::vector<Life> lives;
  Timeline::State timeline{};
  Progress progress;
  std::uint64_t stride = 1;
  float knobs[kKnobCount] = {};
  std::uint64_t counters[5] = {};

 private:
  [[nodiscard]] bool sound_values() const;
  [[nodiscard]] bool sound_direction() const;
  [[nodiscard]] bool sound_audio(const Stream& s) const;
  [[nodiscard]] bool sound_script(const Stream& s) const;
  [[nodiscard]] bool sound_timeline(const Stream& s) const;
  [[nodiscard]] bool sound_progress(const Stream& s) const;
};

}  // namespace talkface
