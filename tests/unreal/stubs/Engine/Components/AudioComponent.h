#pragma once

#include "Audio.h"
#include "Components/SceneComponent.h"
#include "Sound/SoundWave.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UAudioComponent
class UAudioComponent : public USceneComponent {
 public:
  static UClass* StaticClass();
  TObjectPtr<USoundBase> Sound;
  float PitchMultiplier;
  TMulticastDelegate<const UAudioComponent*, const USoundWave*, const float>
      OnAudioPlaybackPercentNative;
  TMulticastDelegate<UAudioComponent*> OnAudioFinishedNative;
  void SetSound(USoundBase* NewSound);
  virtual void Play(float StartTime = 0.0f);
  virtual void Stop();
  void SetPaused(bool bPause);
  void SetPitchMultiplier(float NewPitch);
  bool IsPlaying() const;
  void SetSourceBufferListener(const FSharedISourceBufferListenerPtr& Listener, bool bZeroBuffer);
};
