#pragma once

#include "CoreMinimal.h"
#include "ILiveLinkSource.h"
#include "TalkFacePoseSink.h"

/** One frame of a subject, in the order of its static data. */
struct FTalkFaceLiveLinkValues
{
	TArray<float> Properties;
	TMap<FName, FString> MetaData;
};

/**
 * Live Link source in process: for each published component Name the subjects Name (61 ARKit curves, as the phone app
 * has them) and Name_MetaHuman (251 raw controls, head in the space of its bone).
 */
class TALKFACELIVELINK_API FTalkFaceLiveLinkSource : public ILiveLinkSource, public ITalkFacePoseSink
{
public:
	/** Add a source to the Live Link client; null when Live Link is not there, and on a dedicated server. */
	static TSharedPtr<FTalkFaceLiveLinkSource> Create();

	virtual void ReceiveClient(ILiveLinkClient* InClient, FGuid InSourceGuid) override;
	virtual bool IsSourceStillValid() const override;
	virtual bool RequestSourceShutdown() override;
	virtual FText GetSourceType() const override;
	virtual FText GetSourceMachineName() const override;
	virtual FText GetSourceStatus() const override;

	virtual void OnPose(FName Subject, const talkface_pose& Pose, double Seconds) override;
	virtual void OnGone(FName Subject) override;

private:
	/** Keys of a component's two subjects, whose static data has been sent. */
	struct FSubject
	{
		FName Arkit;
		FName MetaHuman;
	};

	const FSubject& FindOrAnnounce(FName Name);
	void Announce(FName Subject, const TArray<FName>& PropertyNames);
	static void LogControls(FName Subject);
	void Push(FName Subject, const FTalkFaceLiveLinkValues& Values, double Seconds);

	ILiveLinkClient* Client = nullptr;
	FGuid SourceGuid;
	TMap<FName, FSubject> Subjects;
};
