// The script of a stream: timed phones on their way from the audio thread, and a bounded, sorted
// timeline of them from which frames are made.
#pragma once

#include <cstdint>
#include <vector>

#include "anim/articulation.h"
#include "base/span.h"
#include "base/spsc_queue.h"

namespace talkface {

using PhoneQueue = SpscQueue<Phone>;

class Script {
 public:
  // No phone ends later; positions are those of 64-bit sample counters with room to spare.
  static constexpr std::int64_t kFarthest = std::int64_t{1} << 46;

  // `history_seconds`: how long after its end a phone is kept. `capacity`: phones at most.
  Script(const ArticulationTable* table, double frame_rate, double sample_rate,
         double history_seconds, std::size_t capacity);

  [[nodiscard]] const ArticulationTable& table() const { return table_; }
  void clear();
  // Take phones from the queue up to position `horizon`, as many as fit. `now`: input position;
  // phones that ended long before it make room.
  void admit(PhoneQueue* queue, std::uint64_t horizon, std::int64_t now);

  // How far the script covers a time, 0 to 1.
  [[nodiscard]] float coverage(double seconds) const;
  // See Articulation::evaluate.
  void evaluate(double seconds, double now, RulePose* out) const {
    articulation_.evaluate(seconds, now, out);
  }

  // For save and load.
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] const std::vector<Phone>& phones() const { return phones_; }
  [[nodiscard]] std::int64_t begin() const { return begin_; }
  [[nodiscard]] bool accepts(const Phone& phone) const;
  void restore(const Phone* phones, std::size_t count, std::int64_t begin);

 private:
  struct Stretch {
    double start, end;
  };

  void forget(std::int64_t before);
  void insert(Phone phone);
  void compile();

  const ArticulationTable& table_;
  double sample_rate_;
  std::int64_t history_;
  std::size_t capacity_;
  std::vector<Phone> phones_;  // sorted, without overlaps
  std::int64_t begin_ = 0;     // end of the last phone that was forgotten
  std::vector<Stretch> stretches_;
  Articulation articulation_;
};

}  // namespace talkface
