#pragma once

#include "UObject/Object.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/FAssetRegistryTagsContext
class FAssetRegistryTagsContext {
 public:
  void AddTag(UObject::FAssetRegistryTag&& Tag);
};
