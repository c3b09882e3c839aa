#pragma once

#include "CoreMinimal.h"

class FAudioDevice;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FAudioDeviceHandle
class FAudioDeviceHandle {
 public:
  FAudioDevice* GetAudioDevice() const;
  const FAudioDevice* operator->() const;
  FAudioDevice* operator->();
  bool IsValid() const;
  explicit operator bool() const;
};
