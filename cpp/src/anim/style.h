// A style file: whose face, how strongly it moves and where it rests (docs/emotion.md).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "anim/rig.h"
#include "base/status.h"

namespace talkface {

struct Style {
  static constexpr std::size_t kMaxBytes = 64u << 10;

  Style() { gain.fill(1.0f); }

  std::array<float, kChannelCount> gain;    // of the neutral face
  std::array<float, kChannelCount> rest{};  // added by headroom at its end
  float expression = 1.0f;                  // gain of what emotion adds
  std::vector<float> identity;              // one an identity, their sum 1; empty: the first
  std::string sha256;                       // of the file; empty for the default

  // `identities`: names of the bundle's. Empty text is the default style.
  static Status parse(std::string_view json, const std::vector<std::string>& identities,
                      Style* out);
};

}  // namespace talkface
