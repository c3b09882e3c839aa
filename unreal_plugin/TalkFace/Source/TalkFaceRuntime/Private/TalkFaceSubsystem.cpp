#include "TalkFaceSubsystem.h"

#include "Engine/AssetManager.h"
#include "Engine/StreamableManager.h"
#include "Misc/CoreMisc.h"
#include "TalkFaceBundle.h"
#include "TalkFaceCrowd.h"
#include "TalkFaceLog.h"
#include "TalkFaceSettings.h"

TSharedRef<FTalkFaceCrowd> UTalkFaceSubsystem::GetCrowd(const UTalkFaceBundle* Bundle)
{
	const FString Key = Bundle != nullptr ? Bundle->GetPathName() : FString();
	TSharedPtr<FTalkFaceCrowd>& Crowd = Crowds.FindOrAdd(Key);
	if (!Crowd.IsValid())
	{
		const UTalkFaceSettings* Settings = GetDefault<UTalkFaceSettings>();
		Crowd = MakeShared<FTalkFaceCrowd>(Settings->MaxCharacters, Settings->CrowdThreads);
		if (Bundle != nullptr)
		{
			Crowd->Start(Bundle->GetSource());
		}
		else
		{
			StartDefault(Crowd.ToSharedRef());
		}
	}
	return Crowd.ToSharedRef();
}

void UTalkFaceSubsystem::StartDefault(const TSharedRef<FTalkFaceCrowd>& Crowd)
{
	const TSoftObjectPtr<UTalkFaceBundle>& Bundle = GetDefault<UTalkFaceSettings>()->DefaultBundle;
	if (!Bundle.IsPending())
	{
		Crowd->Start(FTalkFaceBundleSource::GetDefault());
		return;
	}
	const TWeakPtr<FTalkFaceCrowd> Waiting(Crowd);
	UAssetManager::GetStreamableManager().RequestAsyncLoad(
		Bundle.ToSoftObjectPath(), FStreamableDelegate::CreateLambda(
									   [Waiting]()
									   {
										   if (const TSharedPtr<FTalkFaceCrowd> Started = Waiting.Pin())
										   {
											   Started->Start(FTalkFaceBundleSource::GetDefault());
										   }
									   }));
}

bool UTalkFaceSubsystem::ShouldCreateSubsystem(UObject* Outer) const
{
	return !IsRunningDedicatedServer() && Super::ShouldCreateSubsystem(Outer);
}

void UTalkFaceSubsystem::Deinitialize()
{
	Crowds.Reset();
	Super::Deinitialize();
}

void UTalkFaceSubsystem::Tick(float DeltaTime)
{
	Super::Tick(DeltaTime);
	for (const TPair<FString, TSharedPtr<FTalkFaceCrowd>>& Entry : Crowds)
	{
		FString Failure;
		if (Entry.Value->TakeFailure(Failure))
		{
			UE_LOG(LogTalkFace, Error, TEXT("%s"), *Failure);
		}
		Entry.Value->Wake();
	}
}

TStatId UTalkFaceSubsystem::GetStatId() const
{
	RETURN_QUICK_DECLARE_CYCLE_STAT(UTalkFaceSubsystem, STATGROUP_Tickables);
}
