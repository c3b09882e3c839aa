#pragma once

#include "CoreMinimal.h"
#include "Animation/AnimNodeBase.h"
#include "TalkFaceTypes.h"
#include "UObject/WeakObjectPtrTemplates.h"
#include "AnimNode_TalkFace.generated.h"

class UTalkFaceComponent;

/** Names of the curves that the node writes. */
UENUM(BlueprintType)
enum class ETalkFaceCurves : uint8
{
	/** EyeBlinkLeft ...: before a mapping pose, as mh_arkit_mapping_pose of a MetaHuman's face blueprint. */
	Arkit,
	/** CTRL_expressions_...: the raw controls of a MetaHuman, without a mapping pose. */
	MetaHuman
};

/** Axes of the bone that the head turns about. */
UENUM(BlueprintType)
enum class ETalkFaceHeadAxes : uint8
{
	/** The head bone of a MetaHuman: X up, Y out of the face, Z to the character's right. */
	MetaHumanBone,
	/** Any bone of a mesh that looks along its component's Y, as the engine's mannequins do. */
	MeshLooksAlongY,
	/** Any bone of a mesh that looks along its component's X. */
	MeshLooksAlongX
};

/**
 * The face of the owner's TalkFace component as curves, over the pose that comes in. Place it before the mapping pose.
 * The stock face blueprint of a MetaHuman has additive poses driven by MouthClose behind it: leave MouthClose at
 * IntoJaw, or bypass them and choose Keep, which gives the tighter lips.
 */
USTRUCT(BlueprintInternalUseOnly)
struct TALKFACERUNTIME_API FAnimNode_TalkFace : public FAnimNode_Base
{
	GENERATED_BODY()

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Links")
	FPoseLink Source;

	UPROPERTY(EditAnywhere, Category = "TalkFace")
	ETalkFaceCurves Curves = ETalkFaceCurves::Arkit;

	UPROPERTY(EditAnywhere, Category = "TalkFace")
	ETalkFaceMouthClose MouthClose = ETalkFaceMouthClose::IntoJaw;

	UPROPERTY(
		EditAnywhere, Category = "TalkFace", meta = (Bitmask, BitmaskEnum = "/Script/TalkFaceRuntime.ETalkFaceRegion"))
	int32 Regions = static_cast<int32>(ETalkFaceRegion::All);

	UPROPERTY(EditAnywhere, Category = "TalkFace")
	ETalkFaceLayerMode Mode = ETalkFaceLayerMode::Override;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace",
		meta = (PinShownByDefault, ClampMin = "0", ClampMax = "1"))
	float Alpha = 1.0f;

	/** Turned by the head's rotation, with region Head; none: the head stays. */
	UPROPERTY(EditAnywhere, Category = "TalkFace|Head")
	FBoneReference HeadBone;

	UPROPERTY(EditAnywhere, Category = "TalkFace|Head")
	ETalkFaceHeadAxes HeadAxes = ETalkFaceHeadAxes::MetaHumanBone;

	virtual void Initialize_AnyThread(const FAnimationInitializeContext& Context) override;
	virtual void CacheBones_AnyThread(const FAnimationCacheBonesContext& Context) override;
	virtual void Update_AnyThread(const FAnimationUpdateContext& Context) override;
	virtual void Evaluate_AnyThread(FPoseContext& Output) override;
	virtual void GatherDebugData(FNodeDebugData& DebugData) override;
	virtual bool HasPreUpdate() const override { return true; }
	virtual void PreUpdate(const UAnimInstance* Instance) override;

private:
	void WriteArkit(FBlendedCurve& Curve) const;
	void WriteMetaHuman(FBlendedCurve& Curve) const;
	void TurnHead(FCompactPose& Bones) const;

	TWeakObjectPtr<UTalkFaceComponent> Component;
	/** Of the component when the frame began; read on worker threads. */
	talkface_pose Pose = talkface_pose_init();
};
