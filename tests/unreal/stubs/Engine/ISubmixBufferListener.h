#pragma once

#include "CoreMinimal.h"

class USoundSubmix;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/ISubmixBufferListener
class ISubmixBufferListener : public TSharedFromThis<ISubmixBufferListener> {
 public:
  virtual ~ISubmixBufferListener();
  virtual void OnNewSubmixBuffer(const USoundSubmix* OwningSubmix, float* AudioData,
                                 int32 NumSamples, int32 NumChannels, const int32 SampleRate,
                                 double AudioClock) = 0;
  virtual bool IsRenderingAudio() const;
  virtual const FString& GetListenerName() const;
};
