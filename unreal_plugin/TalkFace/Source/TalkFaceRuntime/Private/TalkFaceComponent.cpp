#include "TalkFaceComponent.h"

#include "Animation/MorphTarget.h"
#include "Components/AudioComponent.h"
#include "Components/SkeletalMeshComponent.h"
#include "Engine/SkeletalMesh.h"
#include "Engine/World.h"
#include "GameFramework/Actor.h"
#include "HAL/PlatformProcess.h"
#include "TalkFaceEar.h"
#include "TalkFaceLog.h"
#include "TalkFacePoseSink.h"
#include "TalkFaceSettings.h"
#include "TalkFaceSpeaker.h"
#include "TalkFaceSubsystem.h"

namespace
{
/** Of the voice that idles and warms up before the first line tells its format. */
constexpr int32 FirstRate = 48000;
}

UTalkFaceComponent::UTalkFaceComponent()
{
	PrimaryComponentTick.bCanEverTick = true;
	PrimaryComponentTick.TickGroup = TG_PrePhysics;
	// To see that the game was paused: sounds stand still then, and the clock has to.
	PrimaryComponentTick.bTickEvenWhenPaused = true;
	PrimaryComponentTick.bAllowTickOnDedicatedServer = false;
	bTickInEditor = true;
}

void UTalkFaceComponent::OnRegister()
{
	Super::OnRegister();
	BuildLayers();
}

void UTalkFaceComponent::BeginPlay()
{
	Super::BeginPlay();
	UTalkFaceSubsystem* Subsystem = GetWorld()->GetSubsystem<UTalkFaceSubsystem>();
	if (Subsystem == nullptr || IsNetMode(NM_DedicatedServer))
	{
		return;
	}
	FTalkFaceVoiceSetup Setup;
	Setup.Seed = static_cast<uint64>(Seed);
	Setup.Style = Style;
	Setup.bIdleLife = bIdleLife;
	Setup.QueueSeconds = GetDefault<UTalkFaceSettings>()->QueueSeconds;
	Speaker = MakeShared<FTalkFaceSpeaker>(Subsystem->GetCrowd(Bundle), Setup);
	Ear = MakeShared<FTalkFaceEar>();
	Speaker->SetKnobs(Knobs);
	Speaker->SetEmotion(Emotion);
	Speaker->SetStride(Stride);
	Speaker->UseFormat(FirstRate, 1);
	// Faces are read after they were made, not a frame later.
	GetOwner()->ForEachComponent<USkeletalMeshComponent>(
		false, [this](USkeletalMeshComponent* Each) { Each->AddTickPrerequisiteComponent(this); });
	if (bWarmUpOnBeginPlay)
	{
		WarmUp();
	}
}

void UTalkFaceComponent::EndPlay(const EEndPlayReason::Type Reason)
{
	const bool bCutOff = IsSpeaking() || TakeAwaited();
	++Line;
	StopSound();
	Loader.Reset();
	Ear.Reset();
	Speaker.Reset();
	if (bPublish)
	{
		TalkFace::PublishGone(GetSubject());
	}
	if (bCutOff)
	{
		OnFinished.Broadcast(true);
	}
	Super::EndPlay(Reason);
}

void UTalkFaceComponent::TickComponent(float DeltaTime, ELevelTick Type, FActorComponentTickFunction* Function)
{
	Super::TickComponent(DeltaTime, Type, Function);
	const bool bPaused = GetWorld()->IsPaused();
	if (bPaused != bWorldPaused && Speaker.IsValid())
	{
		bWorldPaused = bPaused;
		HoldClock();
	}
	if (bPaused)
	{
		return;
	}
	const double Now = FPlatformTime::Seconds();
	talkface_pose Speech = talkface_pose_init();
	Speech.flags = TALKFACE_POSE_EMPTY;
	FTalkFaceNews News;
	if (Speaker.IsValid())
	{
		UpdateLoader();
		Ear->Tick(*Speaker);
		StopSilence(DeltaTime);
		News = Speaker->Tick(Now, DeltaTime, OutputLatencySeconds, Speech);
		if (IsUnheardOver(DeltaTime))
		{
			News.bStarted = true;
			News.bFinished = true;
		}
	}
	Mix(Speech);
	if (bDriveMorphTargets)
	{
		DriveMorphs();
	}
	if (bPublish && (Speaker.IsValid() || ClipWeight > 0.0f))
	{
		TalkFace::PublishPose(GetSubject(), Pose, Now);
	}
	Tell(News);
}

void UTalkFaceComponent::Tell(const FTalkFaceNews& News)
{
	if (News.Refused > 0)
	{
		UE_LOG(LogTalkFace, Warning,
			TEXT("%s: %d emotions or phones were refused: an unknown phone, or a bundle that takes none"),
			*GetPathName(), News.Refused);
	}
	// What is told may end play, which tells the end of the line itself.
	if (News.bReady)
	{
		OnReady.Broadcast();
	}
	if (News.bInterrupted && Speaker.IsValid())
	{
		OnFinished.Broadcast(true);
	}
	const bool bStarted = News.bStarted && Speaker.IsValid();
	if (bStarted)
	{
		bAwaited = false;
		OnSpeechStarted.Broadcast();
	}
	if (News.bEmotionChanged && Speaker.IsValid())
	{
		OnEmotionChanged.Broadcast(GetEmotion());
	}
	if (News.bFinished && (bStarted || Speaker.IsValid()))
	{
		OnFinished.Broadcast(false);
	}
}

void UTalkFaceComponent::Mix(const talkface_pose& Speech)
{
	TalkFaceCore::Layer Spoken;
	Spoken.Values = TalkFaceCore::FaceOf(Speech);
	Spoken.Regions = static_cast<uint32>(SpeechRegions);
	Spoken.Priority = SpeechPriority;
	Spoken.Mode = TalkFace::ToCore(SpeechMode);
	Spoken.Weight = SpeechWeight;
	CoreLayers.Last() = Spoken;
	TalkFaceCore::Face Face;
	TalkFaceCore::MixLayers(CoreLayers.GetData(), static_cast<std::size_t>(CoreLayers.Num()), Face);
	if (ClipWeight > 0.0f)
	{
		TalkFaceCore::Layer Shown;
		Shown.Values = TalkFaceCore::FaceOf(Clip);
		Shown.Weight = ClipWeight;
		TalkFaceCore::ApplyLayer(Shown, Face);
	}
	Pose = Speech;
	TalkFace::SetFace(Face, Pose);
}

void UTalkFaceComponent::BuildLayers()
{
	CoreLayers.Reset();
	for (const FTalkFaceLayer& Layer : Layers)
	{
		int32 Unmatched = 0;
		CoreLayers.Add(Layer.ToCore(Unmatched));
		if (Unmatched > 0)
		{
			UE_LOG(LogTalkFace, Warning, TEXT("%s: %d weights of a layer name no channel"), *GetPathName(), Unmatched);
		}
	}
	// The last one is speech; of equal priorities the later is applied later.
	CoreLayers.AddDefaulted();
}

void UTalkFaceComponent::BuildMorphs()
{
	bMorphsBuilt = true;
	MorphNames.Reset();
	if (Mesh == nullptr && GetOwner() != nullptr)
	{
		Mesh = GetOwner()->FindComponentByClass<USkeletalMeshComponent>();
	}
	const USkeletalMesh* Asset = Mesh != nullptr ? Mesh->GetSkeletalMeshAsset() : nullptr;
	if (Asset == nullptr)
	{
		UE_LOG(LogTalkFace, Warning, TEXT("%s: no skeletal mesh to drive; call SetMesh"), *GetPathName());
		return;
	}
	std::vector<std::string> Names;
	for (const TObjectPtr<UMorphTarget>& Morph : Asset->GetMorphTargets())
	{
		MorphNames.Add(Morph->GetFName());
		Names.push_back(TCHAR_TO_UTF8(*Morph->GetName()));
	}
	Morphs.Build(Names);
	FString Lacking;
	for (const char* Channel : Morphs.Missing())
	{
		Lacking += TEXT(" ");
		Lacking += FString(Channel);
	}
	UE_LOG(LogTalkFace, Log, TEXT("%s: %d morph targets matched, %d not, %d channels without one:%s"), *GetPathName(),
		static_cast<int32>(Morphs.Matched().size()), static_cast<int32>(Morphs.Unmatched().size()),
		static_cast<int32>(Morphs.Missing().size()), *Lacking);
}

void UTalkFaceComponent::DriveMorphs()
{
	if (!bMorphsBuilt)
	{
		BuildMorphs();
	}
	if (Mesh == nullptr)
	{
		return;
	}
	for (const TalkFaceCore::PoseMap::Entry& Entry : Morphs.Matched())
	{
		Mesh->SetMorphTarget(MorphNames[static_cast<int32>(Entry.Target)], Pose.weights[Entry.Channel]);
	}
}

void UTalkFaceComponent::SetMesh(USkeletalMeshComponent* NewMesh)
{
	Mesh = NewMesh;
	bMorphsBuilt = false;
	if (NewMesh != nullptr)
	{
		NewMesh->AddTickPrerequisiteComponent(this);
	}
}

FName UTalkFaceComponent::GetSubject() const
{
	return SubjectName.IsNone() && GetOwner() != nullptr ? GetOwner()->GetFName() : SubjectName;
}

void UTalkFaceComponent::ShowPose(const talkface_pose& NewPose, float Weight)
{
	Clip = NewPose;
	ClipWeight = Weight;
}

float UTalkFaceComponent::GetWeight(FName Channel) const
{
	const int32 Index = TalkFaceCore::FindChannel(TCHAR_TO_UTF8(*Channel.ToString()));
	return Index >= 0 ? Pose.weights[Index] : 0.0f;
}

FRotator UTalkFaceComponent::GetHeadRotation() const
{
	const TalkFaceCore::Rotator Turned =
		TalkFaceCore::ToRotator(TalkFaceCore::ToUnreal(TalkFaceCore::HeadRotation(Pose)));
	return FRotator(Turned.Pitch, Turned.Yaw, Turned.Roll);
}

ETalkFaceEmotion UTalkFaceComponent::GetEmotion() const
{
	return Speaker.IsValid() ? Speaker->GetEmotion() : ETalkFaceEmotion::Neutral;
}

bool UTalkFaceComponent::IsSpeaking() const
{
	return Speaker.IsValid() && Speaker->IsSpeaking();
}

bool UTalkFaceComponent::IsReady() const
{
	return Speaker.IsValid() && Speaker->IsReady();
}

#if WITH_EDITOR
void UTalkFaceComponent::PostEditChangeProperty(FPropertyChangedEvent& Event)
{
	Super::PostEditChangeProperty(Event);
	SetKnobs(Knobs);
	SetEmotion(Emotion);
	SetStride(Stride);
	BuildLayers();
}
#endif
