#pragma once

#include "AudioDevice.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FAudioDeviceHandle
class FAudioDeviceHandle {
 public:
  FAudioDevice* GetAudioDevice() const;
  FAudioDevice* operator->() const;
  bool IsValid() const;
  explicit operator bool() const;
};
