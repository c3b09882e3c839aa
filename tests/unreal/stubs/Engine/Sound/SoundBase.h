#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/USoundBase
class USoundBase : public UObject {
 public:
  static UClass* StaticClass();
  virtual float GetDuration() const;
  virtual bool IsLooping() const;
};
