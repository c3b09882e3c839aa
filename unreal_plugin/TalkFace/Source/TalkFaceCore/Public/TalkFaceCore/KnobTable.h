// The library's knobs, for panels.
#pragma once

#include <cctype>
#include <string>
#include <vector>

#include "talkface/talkface.h"

namespace TalkFaceCore {

struct Knob {
  const char* Name;  // static storage, as Doc
  const char* Doc;
  float Default;
  float Min;
  float Max;
};

inline std::vector<Knob> Knobs() {
  std::vector<Knob> Found;
  for (uint32_t Index = 0; Index < talkface_knob_count(); ++Index) {
    talkface_knob Each = {};
    Each.struct_size = static_cast<uint32_t>(sizeof(Each));
    if (talkface_knob_get(Index, &Each) == TALKFACE_OK) {
      Found.push_back({Each.name, Each.doc, Each.default_value, Each.min_value, Each.max_value});
    }
  }
  return Found;
}

// "jaw_strength" as a panel shows it: "Jaw Strength".
inline std::string KnobTitle(const char* Name) {
  std::string Title;
  bool bStart = true;
  for (const char* At = Name; *At != '\0'; ++At) {
    const bool bGap = *At == '_';
    Title.push_back(bGap ? ' '
                         : static_cast<char>(bStart ? std::toupper(static_cast<unsigned char>(*At))
                                                    : static_cast<unsigned char>(*At)));
    bStart = bGap;
  }
  return Title;
}

}  // namespace TalkFaceCore
