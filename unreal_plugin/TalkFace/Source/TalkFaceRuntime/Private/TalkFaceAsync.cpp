#include "TalkFaceAsync.h"

#include "Sound/SoundBase.h"
#include "TalkFaceLog.h"

UTalkFaceSpeakAction* UTalkFaceSpeakAction::TalkFaceSpeak(
	UTalkFaceComponent* Component, USoundBase* Sound, const TArray<FTalkFaceEmotionKey>& Emotions, float StartSeconds)
{
	UTalkFaceSpeakAction* Action = NewObject<UTalkFaceSpeakAction>();
	Action->Talking = Component;
	Action->Said = Sound;
	Action->SaidEmotions = Emotions;
	Action->SaidFrom = StartSeconds;
	Action->RegisterWithGameInstance(Component);
	return Action;
}

void UTalkFaceSpeakAction::Activate()
{
	if (Talking == nullptr || Said == nullptr)
	{
		UE_LOG(LogTalkFace, Warning, TEXT("TalkFace Speak needs a component and a sound"));
		Finished.Broadcast(true);
		SetReadyToDestroy();
		return;
	}
	const int32 Before = Talking->GetLine();
	Talking->Speak(Said, SaidEmotions, SaidFrom);
	Line = Talking->GetLine();
	if (Line == Before)
	{
		Finished.Broadcast(true);
		SetReadyToDestroy();
		return;
	}
	Talking->OnSpeechStarted.AddDynamic(this, &UTalkFaceSpeakAction::HandleStarted);
	Talking->OnFinished.AddDynamic(this, &UTalkFaceSpeakAction::HandleFinished);
}

void UTalkFaceSpeakAction::HandleStarted()
{
	if (Talking->GetLine() == Line)
	{
		bStarted = true;
		Started.Broadcast();
	}
}

void UTalkFaceSpeakAction::HandleFinished(bool bInterrupted)
{
	const bool bNewest = Talking->GetLine() == Line;
	// The end of the line that this one interrupted is not its own.
	if (bNewest && !bStarted)
	{
		return;
	}
	Talking->OnSpeechStarted.RemoveDynamic(this, &UTalkFaceSpeakAction::HandleStarted);
	Talking->OnFinished.RemoveDynamic(this, &UTalkFaceSpeakAction::HandleFinished);
	Finished.Broadcast(bInterrupted || !bNewest);
	SetReadyToDestroy();
}

UTalkFaceWarmUpAction* UTalkFaceWarmUpAction::TalkFaceWarmUp(UTalkFaceComponent* Component)
{
	UTalkFaceWarmUpAction* Action = NewObject<UTalkFaceWarmUpAction>();
	Action->Talking = Component;
	Action->RegisterWithGameInstance(Component);
	return Action;
}

void UTalkFaceWarmUpAction::Activate()
{
	if (Talking == nullptr)
	{
		UE_LOG(LogTalkFace, Warning, TEXT("TalkFace Warm Up needs a component"));
		SetReadyToDestroy();
		return;
	}
	if (Talking->IsReady() || Talking->IsNetMode(NM_DedicatedServer))
	{
		HandleReady();
		return;
	}
	Talking->OnReady.AddDynamic(this, &UTalkFaceWarmUpAction::HandleReady);
	Talking->WarmUp();
}

void UTalkFaceWarmUpAction::HandleReady()
{
	Talking->OnReady.RemoveDynamic(this, &UTalkFaceWarmUpAction::HandleReady);
	Ready.Broadcast();
	SetReadyToDestroy();
}
