#include "TalkFaceComponent.h"

#include "Components/AudioComponent.h"
#include "HAL/PlatformProcess.h"
#include "TalkFaceLog.h"
#include "TalkFaceSpeaker.h"

void UTalkFaceComponent::SetKnobs(const FTalkFaceKnobs& NewKnobs)
{
	Knobs = NewKnobs;
	if (Speaker.IsValid())
	{
		Speaker->SetKnobs(Knobs);
	}
}

bool UTalkFaceComponent::SetKnob(FName Name, float Value)
{
	float* Knob = Knobs.Find(Name);
	if (Knob == nullptr)
	{
		UE_LOG(LogTalkFace, Warning, TEXT("%s is no knob; their names are those of the library, \"lower_strength\""),
			*Name.ToString());
		return false;
	}
	*Knob = Value;
	SetKnobs(Knobs);
	return true;
}

void UTalkFaceComponent::SetEmotion(const FTalkFaceEmotionMix& NewEmotion)
{
	Emotion = NewEmotion;
	if (Speaker.IsValid())
	{
		Speaker->SetEmotion(Emotion);
	}
}

void UTalkFaceComponent::SetStride(int32 NewStride)
{
	Stride = NewStride >= 4 ? 4 : FMath::Clamp(NewStride, 1, 2);
	if (Speaker.IsValid())
	{
		Speaker->SetStride(Stride);
	}
}

void UTalkFaceComponent::SetLayers(const TArray<FTalkFaceLayer>& NewLayers)
{
	Layers = NewLayers;
	BuildLayers();
}

void UTalkFaceComponent::WarmUp()
{
	if (Speaker.IsValid())
	{
		Speaker->WarmUp();
	}
}

void UTalkFaceComponent::SetPaused(bool bPaused)
{
	if (!Speaker.IsValid())
	{
		return;
	}
	GetAudio()->SetPaused(bPaused);
	bLinePaused = bPaused;
	HoldClock();
}

void UTalkFaceComponent::StartClock(int32 SampleRate, float Seconds)
{
	TalkFaceCore::PlayheadClock& Clock = Speaker->GetClock();
	const double Now = FPlatformTime::Seconds();
	Clock.Start(Now, Speaker->GetPushPosition(), static_cast<uint32_t>(SampleRate), static_cast<double>(Seconds));
	if (Player != nullptr)
	{
		Clock.SetPitch(Now, static_cast<double>(Player->PitchMultiplier));
	}
	HoldClock();
}

void UTalkFaceComponent::HoldClock()
{
	TalkFaceCore::PlayheadClock& Clock = Speaker->GetClock();
	const double Now = FPlatformTime::Seconds();
	if (bLinePaused || bWorldPaused)
	{
		Clock.Pause(Now);
	}
	else if (!Clock.IsRunning())
	{
		Clock.Resume(Now);
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
