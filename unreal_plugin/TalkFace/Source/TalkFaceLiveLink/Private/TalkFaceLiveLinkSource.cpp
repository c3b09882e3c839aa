#include "TalkFaceLiveLinkSource.h"

#include "Features/IModularFeatures.h"
#include "ILiveLinkClient.h"
#include "Misc/CoreMisc.h"
#include "Roles/LiveLinkBasicRole.h"
#include "TalkFaceCore/LiveLinkFrame.h"
#include "TalkFaceLog.h"

#define LOCTEXT_NAMESPACE "TalkFaceLiveLink"

namespace
{
/** Frames a second that the scene time counts in; Live Link evaluates by the world time. */
constexpr uint32 SceneRate = 60;
}

TSharedPtr<FTalkFaceLiveLinkSource> FTalkFaceLiveLinkSource::Create()
{
	if (IsRunningDedicatedServer())
	{
		return nullptr;
	}
	IModularFeatures& Features = IModularFeatures::Get();
	if (!Features.IsModularFeatureAvailable(ILiveLinkClient::ModularFeatureName))
	{
		UE_LOG(LogTalkFace, Warning, TEXT("Live Link is not there; enable its plugin"));
		return nullptr;
	}
	const TSharedRef<FTalkFaceLiveLinkSource> Source = MakeShared<FTalkFaceLiveLinkSource>();
	Features.GetModularFeature<ILiveLinkClient>(ILiveLinkClient::ModularFeatureName).AddSource(Source);
	TalkFace::AddPoseSink(Source);
	return Source;
}

void FTalkFaceLiveLinkSource::ReceiveClient(ILiveLinkClient* InClient, FGuid InSourceGuid)
{
	Client = InClient;
	SourceGuid = InSourceGuid;
	Subjects.Reset();
}

bool FTalkFaceLiveLinkSource::IsSourceStillValid() const
{
	return Client != nullptr;
}

bool FTalkFaceLiveLinkSource::RequestSourceShutdown()
{
	Client = nullptr;
	Subjects.Reset();
	return true;
}

FText FTalkFaceLiveLinkSource::GetSourceType() const
{
	return LOCTEXT("Type", "TalkFace");
}

FText FTalkFaceLiveLinkSource::GetSourceMachineName() const
{
	return LOCTEXT("Machine", "this process");
}

FText FTalkFaceLiveLinkSource::GetSourceStatus() const
{
	return FText::Format(LOCTEXT("Status", "{0} characters"), FText::AsNumber(Subjects.Num()));
}

const FTalkFaceLiveLinkSource::FSubject& FTalkFaceLiveLinkSource::FindOrAnnounce(FName Name)
{
	if (const FSubject* Known = Subjects.Find(Name))
	{
		return *Known;
	}
	FSubject Subject;
	Subject.Arkit = Name;
	Subject.MetaHuman = FName(Name.ToString() + TEXT("_MetaHuman"));
	TArray<FName> ArkitNames;
	for (const char* Each : TalkFaceCore::ArkitNames)
	{
		ArkitNames.Add(FName(Each));
	}
	Announce(Subject.Arkit, ArkitNames);
	TArray<FName> MetaHumanNames;
	for (std::size_t Index = 0; Index < TalkFaceCore::MetaHumanValueCount; ++Index)
	{
		MetaHumanNames.Add(FName(TalkFaceCore::MetaHumanName(Index)));
	}
	Announce(Subject.MetaHuman, MetaHumanNames);
	LogControls(Subject.MetaHuman);
	return Subjects.Add(Name, Subject);
}

void FTalkFaceLiveLinkSource::LogControls(FName Subject)
{
	TSet<int32> Driven;
	for (const TalkFaceCore::MapTerm& Term : TalkFaceCore::MetaHumanTerms)
	{
		Driven.Add(Term.Target);
	}
	const int32 Controls = static_cast<int32>(TalkFaceCore::ControlCount);
	UE_LOG(LogTalkFace, Log, TEXT("Live Link subject %s: %d of %d controls are driven, %d stay neutral"),
		*Subject.ToString(), Driven.Num(), Controls, Controls - Driven.Num());
}

void FTalkFaceLiveLinkSource::Announce(FName Subject, const TArray<FName>& PropertyNames)
{
	FLiveLinkStaticDataStruct Static(FLiveLinkBaseStaticData::StaticStruct());
	Static.Cast<FLiveLinkBaseStaticData>()->PropertyNames = PropertyNames;
	Client->PushSubjectStaticData_AnyThread(
		FLiveLinkSubjectKey(SourceGuid, Subject), ULiveLinkBasicRole::StaticClass(), MoveTemp(Static));
}

void FTalkFaceLiveLinkSource::Push(FName Subject, const FTalkFaceLiveLinkValues& Values, double Seconds)
{
	FLiveLinkFrameDataStruct Frame(FLiveLinkBaseFrameData::StaticStruct());
	FLiveLinkBaseFrameData* Data = Frame.Cast<FLiveLinkBaseFrameData>();
	Data->WorldTime = FLiveLinkWorldTime(Seconds);
	const FFrameRate Rate(SceneRate, 1);
	Data->MetaData.SceneTime = FQualifiedFrameTime(Rate.AsFrameTime(Seconds), Rate);
	Data->MetaData.StringMetaData = Values.MetaData;
	Data->PropertyValues = Values.Properties;
	Client->PushSubjectFrameData_AnyThread(FLiveLinkSubjectKey(SourceGuid, Subject), MoveTemp(Frame));
}

void FTalkFaceLiveLinkSource::OnPose(FName Name, const talkface_pose& Pose, double Seconds)
{
	if (Client == nullptr)
	{
		return;
	}
	const FSubject Subject = FindOrAnnounce(Name);

	float Arkit[TalkFaceCore::ValueCount];
	TalkFaceCore::ArkitFrame(Pose, TalkFaceCore::AngleConvention::LiveLinkFace, Arkit);
	FTalkFaceLiveLinkValues Values;
	Values.Properties.Append(Arkit, static_cast<int32>(TalkFaceCore::ValueCount));
	Push(Subject.Arkit, Values, Seconds);

	float MetaHuman[TalkFaceCore::MetaHumanValueCount];
	const TalkFaceCore::MetaHumanOptions Options;
	TalkFaceCore::MetaHumanFrame(Pose, Options, MetaHuman);
	FTalkFaceLiveLinkValues Controls;
	Controls.Properties.Append(MetaHuman, static_cast<int32>(TalkFaceCore::MetaHumanValueCount));
	Controls.MetaData.Add(TEXT("IsNeutralFrame"), TalkFaceCore::IsNeutralFrame(Pose));
	Controls.MetaData.Add(TEXT("HeadPoseMode"), TalkFaceCore::HeadPoseMode(Options));
	Push(Subject.MetaHuman, Controls, Seconds);
}

void FTalkFaceLiveLinkSource::OnGone(FName Name)
{
	FSubject Subject;
	if (Client != nullptr && Subjects.RemoveAndCopyValue(Name, Subject))
	{
		Client->RemoveSubject_AnyThread(FLiveLinkSubjectKey(SourceGuid, Subject.Arkit));
		Client->RemoveSubject_AnyThread(FLiveLinkSubjectKey(SourceGuid, Subject.MetaHuman));
	}
}

#undef LOCTEXT_NAMESPACE
