#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/USkeleton
class USkeleton : public UObject {
 public:
  static UClass* StaticClass();
};
