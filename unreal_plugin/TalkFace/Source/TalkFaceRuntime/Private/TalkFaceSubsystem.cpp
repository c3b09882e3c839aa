#include "TalkFaceSubsystem.h"

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
		const FTalkFaceBundleSource Source =
			Bundle != nullptr ? Bundle->GetSource() : FTalkFaceBundleSource::GetDefault();
		Crowd = MakeShared<FTalkFaceCrowd>(Source, Settings->MaxCharacters, Settings->CrowdThreads);
		Crowd->Start();
	}
	return Crowd.ToSharedRef();
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
