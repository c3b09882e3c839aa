#include "TalkFaceComponent.h"

#include "Components/AudioComponent.h"
#include "HAL/PlatformProcess.h"
#include "SampleBuffer.h"
#include "Sound/SampleBufferIO.h"
#include "Sound/SoundWave.h"
#include "TalkFaceEar.h"
#include "TalkFaceLog.h"
#include "TalkFaceSpeaker.h"

bool UTalkFaceComponent::CanSpeak() const
{
	if (!Speaker.IsValid() && !IsNetMode(NM_DedicatedServer))
	{
		UE_LOG(LogTalkFace, Warning, TEXT("%s: it speaks only between BeginPlay and EndPlay"), *GetPathName());
	}
	return Speaker.IsValid();
}

void UTalkFaceComponent::Speak(USoundBase* Sound, const TArray<FTalkFaceEmotionKey>& Emotions, float StartSeconds)
{
	if (!CanSpeak())
	{
		return;
	}
	if (Sound == nullptr)
	{
		UE_LOG(LogTalkFace, Warning, TEXT("%s: Speak needs a sound"), *GetPathName());
		return;
	}
	const bool bDropped = TakeAwaited();
	if (IsSpeaking())
	{
		Interrupt();
	}
	if (bLinePaused)
	{
		SetPaused(false);
	}
	StopListening();
	bPushedLine = false;
	bAwaited = true;
	LineEmotions = Emotions;
	LineStart = StartSeconds;
	const float Duration = Sound->GetDuration();
	LineSeconds = Duration < INDEFINITELY_LOOPING_DURATION ? FMath::Max(0.0f, Duration - StartSeconds) : 0.0f;
	bUnheard = true;
	UnheardSeconds = 0.0f;
	++Line;
	USoundWave* Wave = Cast<USoundWave>(Sound);
	if (Wave == nullptr || Wave->bProcedural || Wave->IsLooping())
	{
		SayHeard(Sound);
	}
	else
	{
		Decode(*Wave);
	}
	if (bDropped)
	{
		OnFinished.Broadcast(true);
	}
}

void UTalkFaceComponent::Decode(USoundWave& Wave)
{
	const int32 ThisLine = Line;
	Loader = MakeShared<Audio::FSoundWavePCMLoader>();
	const TWeakObjectPtr<UTalkFaceComponent> Self(this);
	const TWeakObjectPtr<USoundWave> Said(&Wave);
	Loader->LoadSoundWave(&Wave,
		[Self, Said, ThisLine](const USoundWave*, const Audio::FSampleBuffer& Buffer)
		{
			UTalkFaceComponent* Component = Self.Get();
			if (Component != nullptr && Component->Line == ThisLine && Said.IsValid())
			{
				Component->Loader.Reset();
				Component->SayDecoded(Said.Get(), FTalkFacePcm::From16(Buffer.GetData(), Buffer.GetNumSamples(),
													  Buffer.GetSampleRate(), Buffer.GetNumChannels()));
			}
		});
}

void UTalkFaceComponent::UpdateLoader()
{
	if (const TSharedPtr<Audio::FSoundWavePCMLoader> Working = Loader)
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
	bUnheard = false;
	Speaker->UseFormat(Audio.SampleRate, Audio.Channels);
	Speaker->FollowClock();
	PushLineEmotions();

	const int32 Skipped = FMath::RoundToInt(LineStart * static_cast<float>(Audio.SampleRate)) * Audio.Channels;
	FTalkFacePcm Rest;
	Rest.SampleRate = Audio.SampleRate;
	Rest.Channels = Audio.Channels;
	Rest.Samples.Append(Audio.Samples.GetData() + FMath::Min(Skipped, Audio.Samples.Num()),
		FMath::Max(0, Audio.Samples.Num() - Skipped));
	StartClock(Audio.SampleRate, LineStart);
	Speaker->Push(Rest);
	Speaker->Finish();

	UAudioComponent* Audible = GetAudio();
	Audible->SetSound(Wave);
	Audible->Play(LineStart);
}

void UTalkFaceComponent::PushLineEmotions()
{
	for (FTalkFaceEmotionKey& Key : LineEmotions)
	{
		Key.Seconds = FMath::Max(0.0f, Key.Seconds - LineStart);
	}
	Speaker->PushEmotions(LineEmotions);
}

void UTalkFaceComponent::SayHeard(USoundBase* Sound)
{
	PushLineEmotions();
	UAudioComponent* Audible = GetAudio();
	Audible->SetSound(Sound);
	Ear->HearAudio(*Audible);
	Audible->Play(LineStart);
}

bool UTalkFaceComponent::PushPcm(const FTalkFacePcm& Audio)
{
	if (!CanSpeak())
	{
		return false;
	}
	FString Reason;
	if (!Audio.Check(Reason))
	{
		UE_LOG(LogTalkFace, Warning, TEXT("%s: PushAudio: %s"), *GetPathName(), *Reason);
		return false;
	}
	bool bDropped = false;
	if (!bPushedLine)
	{
		bDropped = TakeAwaited();
		bAwaited = true;
		bUnheard = false;
		Loader.Reset();
		++Line;
		if (bLinePaused)
		{
			SetPaused(false);
		}
		StopListening();
		StopSound();
		if (IsSpeaking())
		{
			Speaker->Interrupt(EaseSeconds);
		}
	}
	Speaker->UseFormat(Audio.SampleRate, Audio.Channels);
	Speaker->FollowClock();
	// A new line, or audio that came too late: it is heard from now on.
	if (!bPushedLine || Speaker->GetClock().PositionAt(FPlatformTime::Seconds()) > Speaker->GetPushPosition())
	{
		StartClock(Audio.SampleRate, 0.0f);
	}
	bPushedLine = true;
	Speaker->Push(Audio);
	if (bPlayPushedAudio)
	{
		QueuePushed(Audio);
	}
	if (bDropped)
	{
		OnFinished.Broadcast(true);
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

bool UTalkFaceComponent::TakeAwaited()
{
	const bool bWas = bAwaited;
	bAwaited = false;
	return bWas;
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
	bUnheard = false;
	StopSound();
	if (Speaker.IsValid())
	{
		Speaker->DropTimed();
		Speaker->Interrupt(EaseSeconds);
	}
	if (TakeAwaited())
	{
		OnFinished.Broadcast(true);
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
