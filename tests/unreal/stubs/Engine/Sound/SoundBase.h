#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/EVirtualizationMode
enum class EVirtualizationMode : uint8 { Disabled, PlayWhenSilent, Restart };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/USoundBase
#define INDEFINITELY_LOOPING_DURATION 10000.0f
class USoundBase : public UObject {
 public:
  static UClass* StaticClass();
  virtual float GetDuration() const;
  virtual bool IsLooping() const;

 public:
  float Duration;
  EVirtualizationMode VirtualizationMode;
};
