#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/USoundSubmix
class USoundSubmix : public UObject {
 public:
  static UClass* StaticClass();
};
