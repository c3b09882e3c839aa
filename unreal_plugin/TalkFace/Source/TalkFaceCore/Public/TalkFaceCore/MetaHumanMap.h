// ARKit's 52 channels onto the 251 raw controls of a MetaHuman (docs/rigs.md). The table is made
// from python/talkface/rigs/data/metahuman.json, which gives each row's source or reason.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "TalkFaceCore/ArkitNames.h"

namespace TalkFaceCore {

// One weight of the map: Controls[Target] += Weight * Weights[Source].
struct MapTerm {
  uint16_t Target;
  uint16_t Source;
  double Weight;
};

// ControlCount, ControlNames ("CTRL_expressions_browDownL" ...), MetaHumanTerms.
#include "TalkFaceCore/MetaHumanTable.inl"

// All controls, in the order of ControlNames, each in [0, 1]; those without a term are 0.
inline void ToMetaHuman(const float (&Weights)[ChannelCount], float (&Controls)[ControlCount]) {
  std::array<double, ControlCount> Sums = {};
  for (const MapTerm& Term : MetaHumanTerms) {
    Sums[Term.Target] += Term.Weight * static_cast<double>(Weights[Term.Source]);
  }
  for (std::size_t Index = 0; Index < ControlCount; ++Index) {
    Controls[Index] = static_cast<float>(std::clamp(Sums[Index], 0.0, 1.0));
  }
}

}  // namespace TalkFaceCore
