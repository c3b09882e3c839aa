// The frames of one stream: one writer, a reader on a frame grid and a sampler at a playhead,
// without locks. Each slot is a sequence lock, so a frame that is overwritten while it is read is
// noticed.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "anim/rig.h"

namespace talkface {

struct Rational {
  std::int64_t num = 0;
  std::int64_t den = 1;
};

class Timeline {
 public:
  static constexpr std::int64_t kNoLimit = INT64_MAX;

  // Frames of the graph at `rate`; read() gives them at `out_rate`; sample() takes positions in
  // samples at `sample_rate`.
  Timeline(std::size_t capacity, Rational rate, Rational out_rate, std::int64_t sample_rate,
           bool overwrite);

  void clear();

  // ---- writer
  // Frames that may be appended before unread ones would be lost.
  [[nodiscard]] std::int64_t room() const;
  void append(const Frame& frame);
  // Continue after frame `index`: later frames are withdrawn and will be written again.
  void rewind_to(std::int64_t index);
  // Frames that may be appended before one is lost that the sampler has not reached.
  [[nodiscard]] std::int64_t room_ahead_of_sampler() const;
  [[nodiscard]] std::int64_t end() const { return end_.load(std::memory_order_acquire); }
  // Input position up to which read may go (the end of a flushed utterance), or kNoLimit.
  void set_limit(std::int64_t position) { limit_.store(position, std::memory_order_release); }
  [[nodiscard]] std::int64_t limit() const { return limit_.load(std::memory_order_acquire); }

  // ---- reader
  [[nodiscard]] std::uint64_t ready() const;
  // Next frame on the output grid; false when there is none yet.
  bool read(Frame* frame, std::int64_t* index, double* seconds);

  // ---- sampler
  enum Flag : std::uint32_t { kHeld = 1, kEasing = 2, kEarly = 4, kEmpty = 8 };
  // Pose at an input position; `newest` ignores it. *seconds: the time of that pose. Returns flags.
  std::uint32_t sample(std::int64_t position, bool newest, Frame* frame, double* seconds);

  // Frame that the host has seen last, by sampling or reading; -1 for none.
  [[nodiscard]] std::int64_t last_seen() const;
  // The pose that the host has seen last: past the newest frame it was held or easing already.
  [[nodiscard]] Frame pose_seen() const;

  // Writer side: copy a stored frame; false when it is not stored any more.
  bool load(std::int64_t index, Frame* frame) const;

  struct State {
    std::int64_t end, oldest, limit, read_next, sampled;
  };
  [[nodiscard]] State state() const;
  void restore(const State& state, const Frame* frames);
  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }

 private:
  struct Slot {
    std::atomic<std::uint64_t> version{0};  // odd while being written
    std::atomic<std::int64_t> index{-1};    // frame that the slot holds
    std::atomic<float> values[kFrameFloats];
  };

  // A reader's position, void after clear(): the reader may store while the writer clears, and a
  // store from before then must not count. The epoch travels in the upper 16 bits.
  class Cursor {
   public:
    explicit Cursor(std::int64_t initial) : initial_(initial), packed_(0) {}
    [[nodiscard]] std::int64_t get(std::int64_t epoch) const;
    void set(std::int64_t epoch, std::int64_t value);

   private:
    std::int64_t initial_;
    std::atomic<std::uint64_t> packed_;
  };

  void write(std::int64_t index, const Frame& frame);
  [[nodiscard]] std::int64_t oldest() const { return oldest_.load(std::memory_order_acquire); }
  // First graph frame that output frame `k` needs, and its share of the next one.
  std::int64_t position_of(std::int64_t k, float* share) const;
  [[nodiscard]] bool readable(std::int64_t k, std::int64_t end) const;
  [[nodiscard]] std::int64_t first_stored_output(std::int64_t k) const;
  bool blend(std::int64_t index, float share, Frame* frame) const;

  std::vector<Slot> slots_;
  Rational rate_;
  Rational out_rate_;
  std::int64_t sample_rate_;
  bool overwrite_;
  std::atomic<std::int64_t> end_{0};
  std::atomic<std::int64_t> oldest_{0};  // no frame before this one is stored
  std::atomic<std::int64_t> limit_{kNoLimit};
  std::atomic<std::int64_t> epoch_{0};  // counts clear()
  Cursor read_next_{0};                 // next output frame
  Cursor sampled_{-1};                  // last graph frame sampled, also past the newest
};

// Linear blend of two frames; rotations along the shorter arc, renormalised.
Frame interpolate(const Frame& a, const Frame& b, float t);

}  // namespace talkface
