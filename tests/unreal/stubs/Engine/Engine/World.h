#pragma once

#include "Engine/EngineTypes.h"

class FAudioDevice;
class FAudioDeviceHandle;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UWorld
class UWorld : public UObject {
 public:
  static UClass* StaticClass();
  double GetTimeSeconds() const;
  bool IsGameWorld() const;
  bool IsPaused() const;
  FAudioDeviceHandle GetAudioDevice() const;
  template <typename T>
  T* GetSubsystem() const;
};
