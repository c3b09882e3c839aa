#pragma once

#include "Sound/SoundBase.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/USoundWave
class USoundWave : public USoundBase {
 public:
  static UClass* StaticClass();
  uint8 bProcedural : 1;
  uint8 bLooping : 1;
  int32 NumChannels;
  float GetSampleRateForCurrentPlatform() const;
#if WITH_EDITOR
  bool GetImportedSoundWaveData(TArray<uint8>& OutRawPCMData, uint32& OutSampleRate,
                                uint16& OutNumChannels) const;
#endif
};
