#pragma once

#include "SampleBuffer.h"
#include "Sound/SoundWave.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FSoundWavePCMLoader
namespace Audio {
class FSoundWavePCMLoader {
 public:
  FSoundWavePCMLoader();
  void LoadSoundWave(USoundWave* Wave,
                     TFunction<void(const USoundWave*, const Audio::FSampleBuffer&)> OnLoaded,
                     bool bSynchronous = false);
  void Update();
};
}  // namespace Audio
