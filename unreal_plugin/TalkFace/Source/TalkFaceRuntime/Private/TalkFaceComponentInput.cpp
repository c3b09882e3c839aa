#include "TalkFaceComponent.h"

#include "Components/AudioComponent.h"
#include "GameFramework/Actor.h"
#include "HAL/PlatformProcess.h"
#include "SampleBuffer.h"
#include "Sound/SampleBufferIO.h"
#include "Sound/SoundWave.h"
#include "Sound/SoundWaveProcedural.h"
#include "TalkFaceEar.h"
#include "TalkFaceLog.h"
#include "TalkFaceSpeaker.h"

void UTalkFaceComponent::Speak(USoundBase* Sound, const TArray<FTalkFaceEmotionKey>& Emotions, float StartSeconds)
{
	if (Sound == nullptr || !Speaker.IsValid())
	{
		UE_LOG(
			LogTalkFace, Warning, TEXT("%s: Speak needs a sound, and a component that has begun play"), *GetPathName());
		return;
	}
	if (IsSpeaking())
	{
		Interrupt();
	}
	StopListening();
	bPushedLine = false;
	LineEmotions = Emotions;
	LineStart = StartSeconds;
	const int32 ThisLine = ++Line;
	USoundWave* Wave = Cast<USoundWave>(Sound);
	if (Wave == nullptr || Wave->bProcedural || Wave->IsLooping())
	{
		SayHeard(Sound);
		return;
	}
	Loader = MakeShared<FSoundWavePCMLoader>();
	const TWeakObjectPtr<UTalkFaceComponent> Self(this);
	const TWeakObjectPtr<USoundWave> Said(Wave);
	Loader->LoadSoundWave(Wave,
		[Self, Said, ThisLine](const USoundWave*, const Audio::FSampleBuffer& Buffer)
		{
			UTalkFaceComponent* Component = Self.Get();
			if (Component != nullptr && Component->Line == ThisLine && Said.IsValid())
			{
				Component->SayDecoded(Said.Get(), FTalkFacePcm::From16(Buffer.GetData(), Buffer.GetNumSamples(),
													  Buffer.GetSampleRate(), Buffer.GetNumChannels()));
			}
		});
}

void UTalkFaceComponent::UpdateLoader()
{
	if (const TSharedPtr<FSoundWavePCMLoader> Working = Loader)
	{
		Working->Update();
	}
}

void UTalkFaceComponent::SayDecoded(USoundWave* Wave, const FTalkFacePcm& Audio)
{
	FString Reason;
	if (Audio.GetFrames() == 0 || !Audio.Check(Reason))
	{
		UE_LOG(LogTalkFace, Log, TEXT("%s is heard while it plays: it could not be decoded in advance %s"),
			*Wave->GetName(), *Reason);
		SayHeard(Wave);
		return;
	}
	Speaker->UseFormat(Audio.SampleRate, Audio.Channels);
	Speaker->FollowClock();
	for (FTalkFaceEmotionKey& Key : LineEmotions)
	{
		Key.Seconds = FMath::Max(0.0f, Key.Seconds - LineStart);
	}
	Speaker->PushEmotions(LineEmotions);

	const int32 Skipped = FMath::RoundToInt(LineStart * static_cast<float>(Audio.SampleRate)) * Audio.Channels;
	FTalkFacePcm Rest;
	Rest.SampleRate = Audio.SampleRate;
	Rest.Channels = Audio.Channels;
	Rest.Samples.Append(Audio.Samples.GetData() + FMath::Min(Skipped, Audio.Samples.Num()),
		FMath::Max(0, Audio.Samples.Num() - Skipped));
	Speaker->GetClock().Start(FPlatformTime::Seconds(), Speaker->GetPushPosition(),
		static_cast<uint32_t>(Audio.SampleRate), static_cast<double>(LineStart));
	Speaker->Push(Rest);
	Speaker->Finish();

	UAudioComponent* Player = GetAudio();
	Player->SetSound(Wave);
	Player->Play(LineStart);
}

void UTalkFaceComponent::SayHeard(USoundBase* Sound)
{
	UAudioComponent* Player = GetAudio();
	Player->SetSound(Sound);
	Ear->HearAudio(*Player);
	Player->Play(LineStart);
}

bool UTalkFaceComponent::PushPcm(const FTalkFacePcm& Audio)
{
	FString Reason;
	if (!Speaker.IsValid() || !Audio.Check(Reason))
	{
		UE_LOG(LogTalkFace, Warning, TEXT("%s: PushAudio before BeginPlay, or %s"), *GetPathName(), *Reason);
		return false;
	}
	if (!bPushedLine)
	{
		++Line;
		StopListening();
		StopSound();
		if (IsSpeaking())
		{
			Speaker->Interrupt(EaseSeconds);
		}
	}
	Speaker->UseFormat(Audio.SampleRate, Audio.Channels);
	Speaker->FollowClock();
	const double Now = FPlatformTime::Seconds();
	const int64 Position = Speaker->GetPushPosition();
	// A new line, or audio that came too late: it is heard from now on.
	if (!bPushedLine || Speaker->GetClock().PositionAt(Now) > Position)
	{
		Speaker->GetClock().Start(Now, Position, static_cast<uint32_t>(Audio.SampleRate));
	}
	bPushedLine = true;
	Speaker->Push(Audio);
	if (bPlayPushedAudio)
	{
		QueuePushed(Audio);
	}
	return true;
}

bool UTalkFaceComponent::PushAudio(const TArray<float>& Samples, int32 SampleRate, int32 Channels)
{
	FTalkFacePcm Audio;
	Audio.Samples = Samples;
	Audio.SampleRate = SampleRate;
	Audio.Channels = Channels;
	return PushPcm(Audio);
}

bool UTalkFaceComponent::PushAudio16(const TArray<uint8>& Bytes, int32 SampleRate, int32 Channels)
{
	TArray<int16> Values;
	Values.SetNumUninitialized(Bytes.Num() / static_cast<int32>(sizeof(int16)));
	FMemory::Memcpy(Values.GetData(), Bytes.GetData(), static_cast<SIZE_T>(Values.Num()) * sizeof(int16));
	return PushPcm(FTalkFacePcm::From16(Values.GetData(), Values.Num(), SampleRate, Channels));
}

void UTalkFaceComponent::PushEmotions(const TArray<FTalkFaceEmotionKey>& Emotions)
{
	if (Speaker.IsValid())
	{
		Speaker->PushEmotions(Emotions);
	}
}

void UTalkFaceComponent::PushPhones(const TArray<FTalkFacePhone>& Phones)
{
	if (Speaker.IsValid())
	{
		Speaker->PushPhones(Phones);
	}
}

void UTalkFaceComponent::QueuePushed(const FTalkFacePcm& Audio)
{
	UAudioComponent* Player = GetAudio();
	const bool bNew = Pushed == nullptr || Pushed->NumChannels != Audio.Channels || PushedRate != Audio.SampleRate;
	if (bNew)
	{
		Pushed = NewObject<USoundWaveProcedural>(this);
		Pushed->SetSampleRate(static_cast<uint32>(Audio.SampleRate));
		Pushed->NumChannels = Audio.Channels;
		Pushed->Duration = INDEFINITELY_LOOPING_DURATION;
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
	if (bNew || !Player->IsPlaying() || Player->Sound != Pushed)
	{
		Player->SetSound(Pushed);
		Player->Play();
	}
}

UAudioComponent* UTalkFaceComponent::GetAudio()
{
	if (OwnAudio == nullptr)
	{
		OwnAudio = NewObject<UAudioComponent>(GetOwner());
		OwnAudio->bAutoActivate = false;
		OwnAudio->SetupAttachment(GetOwner()->GetRootComponent());
		OwnAudio->RegisterComponent();
		OwnAudio->OnAudioPlaybackPercentNative.AddUObject(this, &UTalkFaceComponent::OnPlayback);
	}
	return OwnAudio;
}

void UTalkFaceComponent::OnPlayback(const UAudioComponent*, const USoundWave* Wave, const float Percent)
{
	if (Speaker.IsValid() && !bPushedLine && !Ear->IsListening())
	{
		Speaker->GetClock().Report(FPlatformTime::Seconds(), static_cast<double>(Percent * Wave->GetDuration()));
	}
}

void UTalkFaceComponent::StopSound()
{
	if (OwnAudio != nullptr)
	{
		OwnAudio->Stop();
	}
	if (Pushed != nullptr)
	{
		Pushed->ResetAudio();
	}
}

void UTalkFaceComponent::FinishSpeech()
{
	bPushedLine = false;
	if (Speaker.IsValid())
	{
		Speaker->Finish();
	}
}

void UTalkFaceComponent::Interrupt()
{
	++Line;
	Loader.Reset();
	bPushedLine = false;
	StopSound();
	if (Speaker.IsValid())
	{
		Speaker->Interrupt(EaseSeconds);
	}
}

void UTalkFaceComponent::ListenToAudio(UAudioComponent* Audio)
{
	if (Ear.IsValid() && Audio != nullptr)
	{
		Ear->HearAudio(*Audio);
	}
}

void UTalkFaceComponent::ListenToSubmix(USoundSubmix* Submix)
{
	if (Ear.IsValid())
	{
		Ear->HearSubmix(*GetWorld(), Submix);
	}
}

bool UTalkFaceComponent::ListenToMicrophone()
{
	return Ear.IsValid() && Ear->HearMicrophone();
}

void UTalkFaceComponent::StopListening()
{
	if (Ear.IsValid() && Ear->IsListening())
	{
		Ear->Stop();
		Speaker->Finish();
	}
}

void UTalkFaceComponent::SetPaused(bool bPaused)
{
	if (!Speaker.IsValid())
	{
		return;
	}
	GetAudio()->SetPaused(bPaused);
	if (bPaused)
	{
		Speaker->GetClock().Pause(FPlatformTime::Seconds());
	}
	else
	{
		Speaker->GetClock().Resume(FPlatformTime::Seconds());
	}
}

void UTalkFaceComponent::SetPitch(float Pitch)
{
	if (Speaker.IsValid())
	{
		GetAudio()->SetPitchMultiplier(Pitch);
		Speaker->GetClock().SetPitch(FPlatformTime::Seconds(), static_cast<double>(Pitch));
	}
}
