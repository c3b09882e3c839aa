#include "anim/articulation.h"

#include <algorithm>
#include <cmath>

#include "base/math.h"

namespace talkface {
namespace {

using Kind = ArticulationTable::Kind;

constexpr double kForever = 1e12;
constexpr double kReach = 0.6;      // seconds, beyond which a phone does not dominate
constexpr double kGap = 1e-3;       // seconds; a shorter gap is none
constexpr double kShortest = 0.02;  // seconds; a shorter phone dominates as this one
constexpr double kInstant = 1e-6;   // seconds, of an edge without a ramp
constexpr double kNothing = 1e-9;   // dominance, so that nothing is divided by 0

// 1 inside [start, end] with raised-cosine ramps outside of it.
double plateau(double t, double start, double end, double ramp_in, double ramp_out) {
  double rise = t >= start - kInstant ? 1.0 : 0.0;
  double fall = t <= end + kInstant ? 1.0 : 0.0;
  if (ramp_in > 0.0) rise = (t - (start - ramp_in)) / ramp_in;
  if (ramp_out > 0.0) fall = ((end + ramp_out) - t) / ramp_out;
  const double share = std::min(std::min(rise, fall), 1.0);
  return share <= 0.0 ? 0.0 : 0.5 - 0.5 * cos_turns(0.5 * share);
}

// Items that lie near `t`: those that end after `t - reach`, up to the first that starts after
// `t + reach`. Both ends rise from item to item.
template <typename Items, typename Start, typename End, typename Body>
void for_near(const Items& items, double t, double reach, Start start, End end, Body body) {
  auto at = std::partition_point(items.begin(), items.end(),
                                 [&](const auto& item) { return end(item) + reach <= t; });
  for (; at != items.end() && start(*at) - reach <= t; ++at) body(*at);
}

}  // namespace

Articulation::Articulation(const ArticulationTable* table, double frame_rate,
                           std::size_t max_phones)
    : table_(*table), frame_rate_(frame_rate) {
  const double sigma = table_.smoothing_seconds * frame_rate;
  const auto reach = static_cast<std::size_t>(3.0 * sigma + 0.5);
  const std::size_t radius = std::min(std::max<std::size_t>(reach, 1), kMaxRadius);
  double sum = 0.0;
  for (std::size_t i = 0; i <= 2 * radius; ++i) {
    const double x = (static_cast<double>(i) - static_cast<double>(radius)) / std::max(sigma, 1e-3);
    kernel_.push_back(exp_negative(0.5 * x * x));
    sum += kernel_.back();
  }
  for (double& weight : kernel_) weight /= sum;
  segments_.reserve(2 * max_phones + 2);
  units_.reserve(3 * max_phones + 2);
  closures_.reserve(max_phones);
  tucks_.reserve(max_phones);
  rests_.reserve(max_phones + 2);
  set({}, 1.0, 0);
}

// ---- phones to segments, units and laws

void Articulation::set(Span<const Phone> phones, double sample_rate, std::int64_t begin) {
  segments_.clear();
  double clock = static_cast<double>(begin) / sample_rate;
  for (const Phone& phone : phones) {
    const double start = static_cast<double>(phone.start) / sample_rate;
    const double end = static_cast<double>(phone.end) / sample_rate;
    if (start - clock > kGap) add_segment(clock, start, table_.silence);
    add_segment(start, end, static_cast<std::size_t>(phone.symbol));
    clock = end;
  }
  add_segment(clock, kForever, table_.silence);
  make_units();
  make_laws();
}

void Articulation::add_segment(double start, double end, std::size_t symbol) {
  if (!segments_.empty() && symbol == table_.silence && segments_.back().symbol == symbol) {
    segments_.back().end = end;
  } else {
    segments_.push_back({start, end, symbol});
  }
}

void Articulation::add_unit(double start, double end, std::size_t shape, bool silence) {
  if (silence) {
    units_.push_back({start, end, 1.0, shape});
    return;
  }
  const double length = std::max(end - start, kShortest);
  units_.push_back({start + table_.hold.low * length, start + table_.hold.high * length,
                    std::sqrt(table_.reference_seconds / length), shape});
}

void Articulation::make_units() {
  units_.clear();
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const Segment& segment = segments_[i];
    const ArticulationTable::Symbol& symbol = table_.symbols[segment.symbol];
    const bool inside = i > 0 && i + 1 < segments_.size();
    const bool silence = symbol.kind == Kind::kSilence;
    if (silence && inside && segment.end - segment.start < table_.silence_absorb_seconds) continue;
    if (symbol.diphthong) {
      const double middle = segment.start + table_.diphthong_cut * (segment.end - segment.start);
      add_unit(segment.start, middle, symbol.first, false);
      add_unit(middle, segment.end, symbol.second, false);
    } else {
      add_unit(segment.start, segment.end, symbol.first, silence);
    }
  }
}

void Articulation::make_laws() {
  closures_.clear();
  tucks_.clear();
  rests_.clear();
  const auto part = [](const Segment& s, const ArticulationTable::Span& span) {
    const double length = s.end - s.start;
    return Interval{s.start + span.low * length, s.start + span.high * length};
  };
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const Segment& segment = segments_[i];
    const Kind kind = table_.symbols[segment.symbol].kind;
    if (kind == Kind::kStop || kind == Kind::kNasal) {
      const auto& rule = table_.closure;
      Interval closed = part(segment, kind == Kind::kNasal ? rule.nasal : rule.stop);
      closed.end = std::max(closed.end, closed.start + rule.min_seconds);
      if (!closures_.empty() && closed.start - closures_.back().end < rule.min_seconds) {
        closures_.back().end = std::max(closed.end, closures_.back().end);
      } else {
        closures_.push_back(closed);
      }
    } else if (kind == Kind::kLabiodental) {
      tucks_.push_back(part(segment, table_.labiodental.span));
    } else if (kind == Kind::kSilence && segment.end - segment.start >= table_.rest.min_seconds) {
      const double close = i > 0 ? table_.rest.close_seconds : 0.0;
      const double open = i + 1 < segments_.size() ? table_.rest.open_seconds : 0.0;
      rests_.push_back({segment.start + close, segment.end - open, close, open});
    }
  }
}

// ---- evaluation

double Articulation::tap(double seconds, std::size_t index) const {
  const auto offset = static_cast<double>(index) - static_cast<double>(kernel_.size() / 2);
  return std::max(seconds + offset / frame_rate_, 0.0);
}

const Articulation::Segment& Articulation::segment_at(double seconds) const {
  const auto found =
      std::partition_point(segments_.begin(), segments_.end() - 1,
                           [&](const Segment& segment) { return segment.end <= seconds; });
  return *found;
}

void Articulation::blend(double seconds, double weight, Values* values) const {
  Values weighted{};
  std::array<double, ArticulationTable::kMaxGroups> total;
  total.fill(kNothing);
  const std::size_t groups = table_.groups.size();
  const std::size_t articulators = table_.articulators.size();
  for_near(
      units_, seconds, kReach, [](const Unit& u) { return u.hold_start; },
      [](const Unit& u) { return u.hold_end; },
      [&](const Unit& unit) {
        const ArticulationTable::Shape& shape = table_.shapes[unit.shape];
        const double before = std::max(unit.hold_start - seconds, 0.0) * unit.speed;
        const double after = std::max(seconds - unit.hold_end, 0.0) * unit.speed;
        std::array<double, ArticulationTable::kMaxGroups> dominance;
        for (std::size_t g = 0; g < groups; ++g) {
          const double fall = before * table_.groups[g].rate_in + after * table_.groups[g].rate_out;
          dominance[g] = shape.dominance[g] * (fall > 0.0 ? exp_negative(fall) : 1.0);
          total[g] += dominance[g];
        }
        for (std::size_t a = 0; a < articulators; ++a) {
          weighted[a] += dominance[table_.group_of[a]] * shape.target[a];
        }
      });
  for (std::size_t a = 0; a < articulators; ++a) {
    (*values)[a] += weight * weighted[a] / total[table_.group_of[a]];
  }
}

void Articulation::rest(double seconds, Values* values) const {
  const double reach = std::max(table_.rest.close_seconds, table_.rest.open_seconds);
  for_near(
      rests_, seconds, reach, [](const Rest& r) { return r.start; },
      [](const Rest& r) { return r.end; },
      [&](const Rest& r) {
        const double keep = 1.0 - plateau(seconds, r.start, r.end, r.ramp_in, r.ramp_out);
        for (double& value : *values) value *= keep;
      });
}

void Articulation::tuck_lip(double seconds, Values* values) const {
  const auto& rule = table_.labiodental;
  double& jaw = (*values)[table_.jaw];
  double& roll = (*values)[table_.roll_lower];
  for_near(
      tucks_, seconds, rule.ramp_seconds, [](const Interval& i) { return i.start; },
      [](const Interval& i) { return i.end; },
      [&](const Interval& i) {
        const double gain = plateau(seconds, i.start, i.end, rule.ramp_seconds, rule.ramp_seconds);
        jaw -= gain * std::max(jaw - rule.jaw_cap, 0.0);
        roll = std::max(roll, gain * rule.roll);
      });
}

double Articulation::closure_at(double seconds) const {
  const double ramp = table_.closure.ramp_seconds;
  double gain = 0.0;
  for_near(
      closures_, seconds, ramp, [](const Interval& i) { return i.start; },
      [](const Interval& i) { return i.end; },
      [&](const Interval& i) {
        gain = std::max(gain, plateau(seconds, i.start, i.end, ramp, ramp));
      });
  return gain;
}

void Articulation::seal(double seconds, Values* values) const {
  const auto& rule = table_.closure;
  const double gain = closure_at(seconds);
  Values& v = *values;
  v[table_.jaw] *= 1.0 - (1.0 - rule.jaw_keep) * gain;
  v[table_.lower_down] *= 1.0 - gain;
  v[table_.upper_up] *= 1.0 - gain;
  v[table_.mouth_close] = gain * v[table_.jaw];
  v[table_.press] = std::max(v[table_.press], gain * rule.press);
  v[table_.roll_lower] = std::max(v[table_.roll_lower], gain * rule.roll);
  v[table_.roll_upper] = std::max(v[table_.roll_upper], gain * rule.roll);
}

void Articulation::evaluate(double seconds, double now, RulePose* out) const {
  Values values{};
  out->visemes.fill(0.0f);
  for (std::size_t i = 0; i < kernel_.size(); ++i) {
    blend(tap(seconds, i), kernel_[i], &values);
    const std::size_t viseme = table_.symbols[segment_at(tap(now, i)).symbol].viseme;
    out->visemes[viseme] += static_cast<float>(kernel_[i]);
  }
  rest(seconds, &values);
  tuck_lip(seconds, &values);
  seal(seconds, &values);
  for (const ArticulationTable::Driven& driven : table_.driven) {
    out->weights[driven.channel] = clamp01(static_cast<float>(values[driven.articulator]));
  }
  out->closure = static_cast<float>(closure_at(now));
}

}  // namespace talkface
