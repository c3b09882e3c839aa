#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SignalProcessing/TSampleBuffer
namespace Audio {
template <typename S = int16>
class TSampleBuffer {
 public:
  const S* GetData() const;
  int32 GetNumSamples() const;
  int32 GetNumFrames() const;
  int32 GetNumChannels() const;
  int32 GetSampleRate() const;
};
using FSampleBuffer = TSampleBuffer<>;
}  // namespace Audio
