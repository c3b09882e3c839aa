// The table of the articulation model: what every phone does to the mouth (docs/articulation.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "anim/rig.h"
#include "base/status.h"

namespace talkface {

struct ArticulationTable {
  static constexpr std::size_t kMaxArticulators = 32;
  static constexpr std::size_t kMaxGroups = 8;

  // Articulators of a group rise and fall together.
  struct Group {
    double rate_in = 1.0;
    double rate_out = 1.0;
  };
  struct Shape {
    std::array<double, kMaxArticulators> target{};
    std::array<double, kMaxGroups> dominance{};
  };
  enum class Kind : std::uint8_t { kOther, kSilence, kStop, kNasal, kLabiodental };
  // What may be pushed: a phone has one shape, a diphthong two.
  struct Symbol {
    std::string name;
    std::size_t first = 0;
    std::size_t second = 0;
    bool diphthong = false;
    Kind kind = Kind::kOther;
    std::size_t viseme = 0;
  };
  struct Span {
    double low = 0.0;
    double high = 0.0;
  };
  // Where an articulator goes in a pose: one channel, or a left and a right one.
  struct Driven {
    std::size_t channel = 0;
    std::size_t articulator = 0;
  };

  static Status parse(std::string_view json, ArticulationTable* out);

  // Index into `symbols` of ARPAbet in any case, with or without stress digits; -1 for an unknown
  // one.
  [[nodiscard]] int find(std::string_view symbol) const;

  std::vector<std::string> articulators;
  std::vector<std::size_t> group_of;  // of each articulator
  std::vector<Group> groups;
  std::vector<Shape> shapes;
  std::vector<Symbol> symbols;
  std::vector<Driven> driven;
  std::vector<std::size_t> channels;  // of `driven`
  bool has_visemes = false;
  std::size_t silence = 0;  // symbol

  double reference_seconds = 0.0;
  Span hold;
  double smoothing_seconds = 0.0;
  double silence_absorb_seconds = 0.0;
  double diphthong_cut = 0.0;
  struct Closure {
    Span stop, nasal;
    double ramp_seconds = 0.0, min_seconds = 0.0, jaw_keep = 0.0, press = 0.0, roll = 0.0;
  } closure;
  struct Labiodental {
    Span span;
    double ramp_seconds = 0.0, jaw_cap = 0.0, roll = 0.0;
  } labiodental;
  struct Rest {
    double min_seconds = 0.0, close_seconds = 0.0, open_seconds = 0.0;
  } rest;

  // Articulators that the laws move.
  std::size_t jaw = 0, mouth_close = 0, lower_down = 0, upper_up = 0, press = 0, roll_lower = 0,
              roll_upper = 0;
};

}  // namespace talkface
