// The articulation model: mouth curves of timed phones, at any time. Cohen and Massaro's dominance
// functions, then laws (docs/articulation.md). The same numbers as
// talkface_train.articulation.model gives at the graph's frame rate.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "anim/articulation_table.h"
#include "anim/rig.h"
#include "base/span.h"

namespace talkface {

// A timed phone; positions are input samples, `symbol` indexes the table.
struct Phone {
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::uint64_t symbol = 0;
};

// What the rule says about one frame.
struct RulePose {
  std::array<float, kChannelCount> weights{};  // of the channels that the table drives
  std::array<float, kVisemeCount> visemes{};
  float closure = 0.0f;  // 1 where the lips are sealed
};

class Articulation {
 public:
  // `frame_rate`: of the graph; its frames are the grid of the smoothing kernel.
  Articulation(const ArticulationTable* table, double frame_rate, std::size_t max_phones);

  // Make phones ready for evaluation. They are sorted and do not overlap; what is not covered, from
  // `begin` to the end of time, is silence.
  void set(Span<const Phone> phones, double sample_rate, std::int64_t begin);

  // Curves as they are at `seconds`, visemes and closure as they are at `now`.
  void evaluate(double seconds, double now, RulePose* out) const;

 private:
  static constexpr std::size_t kMaxRadius = 64;
  using Values = std::array<double, ArticulationTable::kMaxArticulators>;

  struct Segment {
    double start, end;
    std::size_t symbol;
  };
  // What dominates: a phone, a half of a diphthong, or a silence.
  struct Unit {
    double hold_start, hold_end, speed;
    std::size_t shape;
  };
  struct Rest {
    double start, end, ramp_in, ramp_out;
  };
  struct Interval {
    double start, end;
  };

  void add_segment(double start, double end, std::size_t symbol);
  void add_unit(double start, double end, std::size_t shape, bool silence);
  void make_units();
  void make_laws();
  void blend(double seconds, double weight, Values* values) const;
  void rest(double seconds, Values* values) const;
  void tuck_lip(double seconds, Values* values) const;
  void seal(double seconds, Values* values) const;
  [[nodiscard]] double closure_at(double seconds) const;
  [[nodiscard]] const Segment& segment_at(double seconds) const;
  [[nodiscard]] double tap(double seconds, std::size_t index) const;

  const ArticulationTable& table_;
  double frame_rate_;
  std::vector<double> kernel_;  // odd, its middle is now
  std::vector<Segment> segments_;
  std::vector<Unit> units_;
  std::vector<Interval> closures_;
  std::vector<Interval> tucks_;
  std::vector<Rest> rests_;
};

}  // namespace talkface
