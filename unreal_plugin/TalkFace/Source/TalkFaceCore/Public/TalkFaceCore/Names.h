// Which ARKit channel a morph target's name spells, as python/talkface/rigs/names.py reads it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "TalkFaceCore/ArkitNames.h"

namespace TalkFaceCore {
namespace Detail {

inline char Lower(char Letter) {
  return Letter >= 'A' && Letter <= 'Z' ? static_cast<char>(Letter - 'A' + 'a') : Letter;
}

inline bool IsDigit(char Letter) { return Letter >= '0' && Letter <= '9'; }

inline bool IsSpace(char Letter) { return Letter == ' ' || (Letter >= '\t' && Letter <= '\r'); }

inline bool IsFiller(char Letter) { return Letter == '_' || Letter == '-' || IsSpace(Letter); }

inline bool StartsWith(std::string_view Text, std::string_view Start) {
  return Text.substr(0, Start.size()) == Start;
}

// Length of "bs_", "blendShapes12_", "A25_"... at the front of a lower-case name; 0 without one.
inline std::size_t PrefixLength(std::string_view Text) {
  for (const std::string_view Word : {"bs_", "arkit_", "face_", "head_", "shape_", "morph_"}) {
    if (StartsWith(Text, Word)) return Word.size();
  }
  if (Text.size() > 3 && Text[0] == 'a' && IsDigit(Text[1]) && IsDigit(Text[2]) && Text[3] == '_') {
    return 4;
  }
  if (!StartsWith(Text, "blend")) return 0;
  std::size_t At = 5;
  if (At < Text.size() && Text[At] == '_') ++At;
  if (!StartsWith(Text.substr(At), "shape")) return 0;
  At += 5;
  if (At < Text.size() && Text[At] == 's') ++At;
  while (At < Text.size() && IsDigit(Text[At])) ++At;
  return At < Text.size() && Text[At] == '_' ? At + 1 : 0;
}

}  // namespace Detail

// A name without its path (all up to the last '.', '|' or ':'), prefixes, case and filler:
// "blendShape1.eyeBlink_L" is "eyeblinkl".
inline std::string BareName(std::string_view Name) {
  const std::size_t Path = Name.find_last_of(".|:");
  if (Path != std::string_view::npos) Name.remove_prefix(Path + 1);
  std::string Lowered;
  for (const char Letter : Name) {
    if (!Lowered.empty() || !Detail::IsSpace(Letter)) Lowered.push_back(Detail::Lower(Letter));
  }
  std::string_view Rest = Lowered;
  while (const std::size_t Length = Detail::PrefixLength(Rest)) Rest.remove_prefix(Length);
  std::string Bare;
  for (const char Letter : Rest) {
    if (!Detail::IsFiller(Letter)) Bare.push_back(Letter);
  }
  return Bare;
}

// Index 0 to 51 of the channel that a name spells, or -1.
inline int32_t FindChannel(std::string_view Name) {
  const std::string Bare = BareName(Name);
  const auto Spells = [&Bare](std::string_view Known) {
    if (Bare.size() != Known.size()) return false;
    for (std::size_t I = 0; I < Known.size(); ++I) {
      if (Bare[I] != Detail::Lower(Known[I])) return false;
    }
    return true;
  };
  for (std::size_t Index = 0; Index < ChannelCount; ++Index) {
    const std::string_view Known = ArkitNames[Index];
    if (Spells(Known)) return static_cast<int32_t>(Index);
    for (const std::string_view Side : {"Left", "Right"}) {
      if (Known.size() > Side.size() && Known.substr(Known.size() - Side.size()) == Side &&
          Spells(Known.substr(0, Known.size() - Side.size() + 1))) {
        return static_cast<int32_t>(Index);
      }
    }
  }
  return -1;
}

}  // namespace TalkFaceCore
