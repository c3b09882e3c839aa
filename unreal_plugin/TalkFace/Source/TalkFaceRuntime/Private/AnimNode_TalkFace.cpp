#include "AnimNode_TalkFace.h"

#include "Animation/AnimInstance.h"
#include "Animation/AnimInstanceProxy.h"
#include "GameFramework/Actor.h"
#include "TalkFaceComponent.h"
#include "TalkFaceCore/LiveLinkFrame.h"
#include "TalkFaceCore/MouthClose.h"

namespace
{
/** Curve names, made once. */
template <std::size_t Count>
TArray<FName> MakeNames(const std::array<const char*, Count>& Names, std::size_t Used)
{
	TArray<FName> Made;
	for (std::size_t Index = 0; Index < Used; ++Index)
	{
		Made.Add(FName(Names[Index]));
	}
	return Made;
}

const TArray<FName>& ArkitCurves()
{
	static const TArray<FName> Names = MakeNames(TalkFaceCore::ArkitNames, TalkFaceCore::ChannelCount);
	return Names;
}

const TArray<FName>& MetaHumanCurves()
{
	static const TArray<FName> Names = MakeNames(TalkFaceCore::ControlNames, TalkFaceCore::ControlCount);
	return Names;
}

/** From an actor's space to that of a mesh which looks along Y: a quarter turn about Z. */
FQuat ToLookAlongY(const FQuat& Turn)
{
	return FQuat(-Turn.Y, Turn.X, Turn.Z, Turn.W);
}
}

void FAnimNode_TalkFace::Initialize_AnyThread(const FAnimationInitializeContext& Context)
{
	FAnimNode_Base::Initialize_AnyThread(Context);
	Source.Initialize(Context);
}

void FAnimNode_TalkFace::CacheBones_AnyThread(const FAnimationCacheBonesContext& Context)
{
	Source.CacheBones(Context);
	HeadBone.Initialize(Context.AnimInstanceProxy->GetRequiredBones());
}

void FAnimNode_TalkFace::Update_AnyThread(const FAnimationUpdateContext& Context)
{
	GetEvaluateGraphExposedInputs().Execute(Context);
	Source.Update(Context);
}

void FAnimNode_TalkFace::PreUpdate(const UAnimInstance* Instance)
{
	if (!Component.IsValid() && Instance->GetOwningActor() != nullptr)
	{
		Component = Instance->GetOwningActor()->FindComponentByClass<UTalkFaceComponent>();
	}
	if (const UTalkFaceComponent* Talking = Component.Get())
	{
		Pose = Talking->GetPose();
	}
}

void FAnimNode_TalkFace::Evaluate_AnyThread(FPoseContext& Output)
{
	Source.Evaluate(Output);
	if (Curves == ETalkFaceCurves::Arkit)
	{
		WriteArkit(Output.Curve);
	}
	else
	{
		WriteMetaHuman(Output.Curve);
	}
	if ((Regions & static_cast<int32>(ETalkFaceRegion::Head)) != 0 &&
		HeadBone.IsValidToEvaluate(Output.Pose.GetBoneContainer()))
	{
		TurnHead(Output.Pose);
	}
}

void FAnimNode_TalkFace::WriteArkit(FBlendedCurve& Curve) const
{
	const TArray<FName>& Names = ArkitCurves();
	TalkFaceCore::Face Face;
	for (int32 Index = 0; Index < Names.Num(); ++Index)
	{
		Face.Weights[Index] = Curve.Get(Names[Index]);
	}
	TalkFaceCore::Layer Spoken;
	Spoken.Values = TalkFaceCore::FaceOf(Pose);
	Spoken.Regions = static_cast<uint32>(Regions);
	Spoken.Mode = TalkFace::ToCore(Mode);
	Spoken.Weight = Alpha;
	// Of the speech alone: what comes in stays as it is where the mask or Alpha leave it.
	TalkFaceCore::HandleMouthClose(Spoken.Values.Weights, MouthClose == ETalkFaceMouthClose::IntoJaw
															  ? TalkFaceCore::MouthCloseMode::IntoJaw
															  : TalkFaceCore::MouthCloseMode::Keep);
	TalkFaceCore::ApplyLayer(Spoken, Face);
	for (int32 Index = 0; Index < Names.Num(); ++Index)
	{
		Curve.Set(Names[Index], Face.Weights[Index]);
	}
}

void FAnimNode_TalkFace::WriteMetaHuman(FBlendedCurve& Curve) const
{
	float Weights[TalkFaceCore::ChannelCount];
	bool bTouched[TalkFaceCore::ControlCount] = {};
	for (std::size_t Index = 0; Index < TalkFaceCore::ChannelCount; ++Index)
	{
		const bool bIn = (static_cast<uint32>(Regions) & TalkFaceCore::RegionOf(Index)) != 0;
		Weights[Index] = bIn ? Pose.weights[Index] : 0.0f;
	}
	for (const TalkFaceCore::MapTerm& Term : TalkFaceCore::MetaHumanTerms)
	{
		bTouched[Term.Target] |= (static_cast<uint32>(Regions) & TalkFaceCore::RegionOf(Term.Source)) != 0;
	}
	float Controls[TalkFaceCore::ControlCount];
	TalkFaceCore::ToMetaHuman(Weights, Controls);
	const TArray<FName>& Names = MetaHumanCurves();
	for (int32 Index = 0; Index < Names.Num(); ++Index)
	{
		if (!bTouched[Index])
		{
			continue;
		}
		const float Under = Curve.Get(Names[Index]);
		const float Headroom =
			Mode == ETalkFaceLayerMode::Additive ? Controls[Index] * (1.0f - Under) : Controls[Index] - Under;
		Curve.Set(Names[Index], Under + FMath::Clamp(Alpha, 0.0f, 1.0f) * Headroom);
	}
}

void FAnimNode_TalkFace::TurnHead(FCompactPose& Bones) const
{
	const FBoneContainer& Container = Bones.GetBoneContainer();
	const FCompactPoseBoneIndex Bone = HeadBone.GetCompactPoseIndex(Container);
	const TalkFaceCore::Quaternion Turn = TalkFaceCore::Slerp(TalkFaceCore::Quaternion{},
		TalkFaceCore::HeadRotation(Pose), static_cast<double>(FMath::Clamp(Alpha, 0.0f, 1.0f)));
	const FQuat Local = Bones[Bone].GetRotation();
	if (HeadAxes == ETalkFaceHeadAxes::MetaHumanBone)
	{
		Bones[Bone].SetRotation(Local * TalkFace::ToQuat(TalkFaceCore::ToMetaHumanHeadBone(Turn)));
		return;
	}
	const FQuat InActor = TalkFace::ToQuat(TalkFaceCore::ToUnreal(Turn));
	const FQuat InMesh = HeadAxes == ETalkFaceHeadAxes::MeshLooksAlongY ? ToLookAlongY(InActor) : InActor;
	FCSPose<FCompactPose> Space;
	Space.InitPose(Bones);
	const FCompactPoseBoneIndex Parent = Bones.GetParentBoneIndex(Bone);
	const FQuat Above = Bone.IsRootBone() ? FQuat::Identity : Space.GetComponentSpaceTransform(Parent).GetRotation();
	Bones[Bone].SetRotation(Above.Inverse() * InMesh * Above * Local);
}

void FAnimNode_TalkFace::GatherDebugData(FNodeDebugData& DebugData)
{
	const UTalkFaceComponent* Talking = Component.Get();
	DebugData.AddDebugItem(FString::Printf(TEXT("%s (%s, JawOpen %.2f)"), *DebugData.GetNodeName(this),
		Talking != nullptr ? *Talking->GetName() : TEXT("no TalkFace component"),
		static_cast<double>(Pose.weights[TalkFaceCore::Channel::JawOpen])));
	Source.GatherDebugData(DebugData);
}
