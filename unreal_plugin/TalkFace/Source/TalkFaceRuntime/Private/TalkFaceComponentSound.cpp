#include "TalkFaceComponent.h"

#include "AudioDeviceHandle.h"
#include "Components/AudioComponent.h"
#include "Engine/World.h"
#include "GameFramework/Actor.h"
#include "HAL/PlatformProcess.h"
#include "Sound/SoundWaveProcedural.h"
#include "TalkFaceEar.h"
#include "TalkFaceSpeaker.h"

namespace
{
/** A procedural sound never ends by itself, and holds a voice of the mixer; what the device still has is heard. */
constexpr float HeldSeconds = 1.0f;

/** A sound may begin so late, after its disk, its decoder and the mixer. */
constexpr float LateSeconds = 2.0f;
}

UAudioComponent* UTalkFaceComponent::GetAudio()
{
	if (Player == nullptr)
	{
		UAudioComponent* Made = NewObject<UAudioComponent>(GetOwner());
		Made->bAutoActivate = false;
		Made->SetupAttachment(GetOwner()->GetRootComponent());
		Made->RegisterComponent();
		SetAudio(Made);
	}
	return Player;
}

void UTalkFaceComponent::SetAudio(UAudioComponent* NewAudio)
{
	if (Player != nullptr)
	{
		Player->OnAudioPlaybackPercentNative.RemoveAll(this);
	}
	Player = NewAudio;
	if (Player != nullptr)
	{
		Player->OnAudioPlaybackPercentNative.AddUObject(this, &UTalkFaceComponent::OnPlayback);
	}
}

void UTalkFaceComponent::QueuePushed(const FTalkFacePcm& Audio)
{
	UAudioComponent* Audible = GetAudio();
	const bool bNew = Pushed == nullptr || Pushed->NumChannels != Audio.Channels || PushedRate != Audio.SampleRate;
	if (bNew)
	{
		Pushed = NewObject<USoundWaveProcedural>(this);
		Pushed->SetSampleRate(static_cast<uint32>(Audio.SampleRate));
		Pushed->NumChannels = Audio.Channels;
		Pushed->Duration = INDEFINITELY_LOOPING_DURATION;
		// Out of earshot it goes on, else it would be late when it is heard again.
		Pushed->VirtualizationMode = EVirtualizationMode::PlayWhenSilent;
		PushedRate = Audio.SampleRate;
	}
	TArray<int16> Values;
	Values.SetNumUninitialized(Audio.Samples.Num());
	for (int32 Index = 0; Index < Values.Num(); ++Index)
	{
		const float Scaled = FMath::Clamp(Audio.Samples[Index] * 32768.0f, -32768.0f, 32767.0f);
		Values[Index] = static_cast<int16>(FMath::RoundToInt(Scaled));
	}
	Pushed->QueueAudio(
		reinterpret_cast<const uint8*>(Values.GetData()), Values.Num() * static_cast<int32>(sizeof(int16)));
	if (bNew || !Audible->IsPlaying() || Audible->Sound != Pushed)
	{
		Audible->SetSound(Pushed);
		Audible->Play();
	}
}

void UTalkFaceComponent::OnPlayback(const UAudioComponent*, const USoundWave* Wave, const float Percent)
{
	if (Speaker.IsValid() && !bPushedLine && !Ear->IsListening())
	{
		Speaker->GetClock().Report(FPlatformTime::Seconds(), static_cast<double>(Percent * Wave->GetDuration()));
	}
}

bool UTalkFaceComponent::IsUnheardOver(float DeltaTime)
{
	bUnheard = bUnheard && (Loader.IsValid() || (Ear->IsListening() && !Ear->HasHeard()));
	const bool bVirtual = LineSeconds == 0.0f && Player != nullptr && Player->IsPlaying();
	if (!bUnheard || bLinePaused || bVirtual)
	{
		return false;
	}
	UnheardSeconds += DeltaTime * (Player != nullptr ? Player->PitchMultiplier : 1.0f);
	const float Late = GetWorld()->GetAudioDevice().IsValid() ? LateSeconds : 0.0f;
	if (UnheardSeconds < LineSeconds + Late)
	{
		return false;
	}
	bUnheard = false;
	Loader.Reset();
	Ear->Stop();
	StopSound();
	Speaker->DropTimed();
	return true;
}

void UTalkFaceComponent::StopSilence(float DeltaTime)
{
	const bool bSilent = Player != nullptr && Pushed != nullptr && Player->Sound == Pushed && Player->IsPlaying() &&
						 !bPushedLine && !IsSpeaking();
	SilentSeconds = bSilent ? SilentSeconds + DeltaTime : 0.0f;
	if (SilentSeconds > HeldSeconds)
	{
		StopSound();
	}
}

void UTalkFaceComponent::StopSound()
{
	if (Player != nullptr)
	{
		Player->Stop();
	}
	if (Pushed != nullptr)
	{
		Pushed->ResetAudio();
	}
}
