#pragma once

#include "CoreMinimal.h"

namespace Audio {

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/AudioCaptureCore/FCaptureDeviceInfo
struct FCaptureDeviceInfo {
  FString DeviceName;
  int32 InputChannels;
  int32 PreferredSampleRate;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/AudioCaptureCore/FAudioCaptureDeviceParams
struct FAudioCaptureDeviceParams {
  bool bUseHardwareAEC;
  int32 NumInputChannels;
  int32 SampleRate;
  int32 DeviceIndex;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/AudioCaptureCore/FOnAudioCaptureFunction
using FOnAudioCaptureFunction =
    TFunction<void(const void* Audio, int32 NumFrames, int32 NumChannels, int32 SampleRate,
                   double StreamTime, bool bOverflow)>;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/AudioCaptureCore/FAudioCapture
class FAudioCapture {
 public:
  FAudioCapture();
  ~FAudioCapture();
  bool GetCaptureDeviceInfo(FCaptureDeviceInfo& OutInfo, int32 DeviceIndex = INDEX_NONE);
  bool OpenAudioCaptureStream(const FAudioCaptureDeviceParams& Params,
                              FOnAudioCaptureFunction OnCapture, uint32 NumFramesDesired);
  bool StartStream();
  bool StopStream();
  bool CloseStream();
  bool IsStreamOpen() const;
};

}  // namespace Audio
