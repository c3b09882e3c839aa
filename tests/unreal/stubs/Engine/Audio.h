#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/ISourceBufferListener
class ISourceBufferListener {
 public:
  virtual ~ISourceBufferListener();
  struct FOnNewBufferParams {
    const float* AudioData;
    int32 SourceId;
    int32 NumSamples;
    int32 NumChannels;
    int32 SampleRate;
  };
  virtual void OnNewBuffer(const FOnNewBufferParams& Params) = 0;
  virtual void OnSourceReleased(const int32 SourceId) = 0;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/ISourceBufferListener
using FSharedISourceBufferListenerPtr = TSharedPtr<ISourceBufferListener, ESPMode::ThreadSafe>;
