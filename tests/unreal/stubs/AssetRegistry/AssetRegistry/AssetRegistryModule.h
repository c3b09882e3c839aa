#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/AssetRegistry/FAssetRegistryModule
class FAssetRegistryModule {
 public:
  static void AssetCreated(UObject* Asset);
};
