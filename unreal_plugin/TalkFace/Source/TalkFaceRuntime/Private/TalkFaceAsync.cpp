#include "TalkFaceAsync.h"

#include "Sound/SoundBase.h"
#include "TalkFaceLog.h"

UTalkFaceSpeakAction* UTalkFaceSpeakAction::TalkFaceSpeak(
	UTalkFaceComponent* Component, USoundBase* Sound, const TArray<FTalkFaceEmotionKey>& Emotions, float StartSeconds)
{
	UTalkFaceSpeakAction* Action = NewObject<UTalkFaceSpeakAction>();
	Action->Component = Component;
	Action->Sound = Sound;
	Action->Emotions = Emotions;
	Action->StartSeconds = StartSeconds;
	Action->RegisterWithGameInstance(Component);
	return Action;
}

void UTalkFaceSpeakAction::Activate()
{
	if (Component == nullptr || Sound == nullptr)
	{
		UE_LOG(LogTalkFace, Warning, TEXT("TalkFace Speak needs a component and a sound"));
		Finished.Broadcast(true);
		SetReadyToDestroy();
		return;
	}
	Component->Speak(Sound, Emotions, StartSeconds);
	Component->OnSpeechStarted.AddDynamic(this, &UTalkFaceSpeakAction::HandleStarted);
	Component->OnFinished.AddDynamic(this, &UTalkFaceSpeakAction::HandleFinished);
}

void UTalkFaceSpeakAction::HandleStarted()
{
	bStarted = true;
	Started.Broadcast();
}

void UTalkFaceSpeakAction::HandleFinished(bool bInterrupted)
{
	// The end of the line that this one interrupted is not its own.
	if (!bStarted)
	{
		return;
	}
	Component->OnSpeechStarted.RemoveDynamic(this, &UTalkFaceSpeakAction::HandleStarted);
	Component->OnFinished.RemoveDynamic(this, &UTalkFaceSpeakAction::HandleFinished);
	Finished.Broadcast(bInterrupted);
	SetReadyToDestroy();
}

UTalkFaceWarmUpAction* UTalkFaceWarmUpAction::TalkFaceWarmUp(UTalkFaceComponent* Component)
{
	UTalkFaceWarmUpAction* Action = NewObject<UTalkFaceWarmUpAction>();
	Action->Component = Component;
	Action->RegisterWithGameInstance(Component);
	return Action;
}

void UTalkFaceWarmUpAction::Activate()
{
	if (Component == nullptr)
	{
		UE_LOG(LogTalkFace, Warning, TEXT("TalkFace Warm Up needs a component"));
		SetReadyToDestroy();
		return;
	}
	if (Component->IsReady())
	{
		HandleReady();
		return;
	}
	Component->OnReady.AddDynamic(this, &UTalkFaceWarmUpAction::HandleReady);
	Component->WarmUp();
}

void UTalkFaceWarmUpAction::HandleReady()
{
	Component->OnReady.RemoveDynamic(this, &UTalkFaceWarmUpAction::HandleReady);
	Ready.Broadcast();
	SetReadyToDestroy();
}
