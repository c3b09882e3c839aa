#pragma once

#include "Sound/SoundWave.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/USoundWaveProcedural
class USoundWaveProcedural : public USoundWave {
 public:
  static UClass* StaticClass();
  void QueueAudio(const uint8* AudioData, const int32 BufferSize);
  void ResetAudio();
  void SetSampleRate(uint32 Rate);
};
