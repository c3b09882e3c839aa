#pragma once

#include "Engine/World.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/EGetWorldErrorMode
enum class EGetWorldErrorMode { ReturnNull, LogAndReturnNull, Assert };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UEngine
class UEngine : public UObject {
 public:
  UWorld* GetWorldFromContextObject(const UObject* Object, EGetWorldErrorMode Mode) const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/GEngine
extern UEngine* GEngine;
