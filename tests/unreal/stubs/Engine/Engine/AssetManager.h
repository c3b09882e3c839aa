#pragma once

#include "UObject/UObjectGlobals.h"

struct FStreamableManager;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UAssetManager
class UAssetManager : public UObject {
 public:
  static UClass* StaticClass();
  static FStreamableManager& GetStreamableManager();
};
