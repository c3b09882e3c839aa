#pragma once

#include "ISubmixBufferListener.h"
#include "Sound/SoundSubmix.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FAudioDevice
class FAudioDevice {
 public:
  int32 GetSampleRate() const;
  USoundSubmix& GetMainSubmixObject() const;
  virtual void RegisterSubmixBufferListener(
      TSharedRef<ISubmixBufferListener, ESPMode::ThreadSafe> Listener, USoundSubmix& Submix);
  virtual void UnregisterSubmixBufferListener(
      TSharedRef<ISubmixBufferListener, ESPMode::ThreadSafe> Listener, USoundSubmix& Submix);
};
