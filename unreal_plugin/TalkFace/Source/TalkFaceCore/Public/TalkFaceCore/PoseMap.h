// ARKit channels onto the morph targets of a character, by name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "TalkFaceCore/Names.h"

namespace TalkFaceCore {

// Built once from a mesh's own names.
class PoseMap {
 public:
  // Targets in the mesh's order. Names of no channel are left to others; of
  // two that spell one channel both are driven.
  void Build(const std::vector<std::string>& Targets) {
    Entries.clear();
    UnmatchedNames.clear();
    std::array<bool, ChannelCount> Found = {};
    for (std::size_t Target = 0; Target < Targets.size(); ++Target) {
      const int32_t Channel = FindChannel(Targets[Target]);
      if (Channel < 0) {
        UnmatchedNames.push_back(Targets[Target]);
        continue;
      }
      Entries.push_back({Target, static_cast<std::size_t>(Channel)});
      Found[static_cast<std::size_t>(Channel)] = true;
    }
    MissingNames.clear();
    for (std::size_t Channel = 0; Channel < ChannelCount; ++Channel) {
      if (!Found[Channel]) MissingNames.push_back(ArkitNames[Channel]);
    }
  }

  struct Entry {
    std::size_t Target;
    std::size_t Channel;
  };

  // Matched targets, in their own order.
  const std::vector<Entry>& Matched() const { return Entries; }
  // Targets that spell no channel.
  const std::vector<std::string>& Unmatched() const { return UnmatchedNames; }
  // Channels, in Unreal's spelling, that no target spells.
  const std::vector<const char*>& Missing() const { return MissingNames; }

 private:
  std::vector<Entry> Entries;
  std::vector<std::string> UnmatchedNames;
  std::vector<const char*> MissingNames;
};

}  // namespace TalkFaceCore
