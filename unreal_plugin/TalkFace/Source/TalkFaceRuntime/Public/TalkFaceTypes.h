#pragma once

#include "CoreMinimal.h"
#include "UObject/ObjectMacros.h"
#include "TalkFaceCore/LayerMixer.h"
#include "TalkFaceTypes.generated.h"

/** In the library's order. */
UENUM(BlueprintType)
enum class ETalkFaceEmotion : uint8
{
	Neutral,
	Happy,
	Sad,
	Angry,
	Fearful,
	Disgusted,
	Surprised,
	Contempt
};

/** Parts of a face, as a bit mask. */
UENUM(BlueprintType, meta = (Bitflags, UseEnumValuesAsMaskValuesInEditor = "true"))
enum class ETalkFaceRegion : uint8
{
	None = 0 UMETA(Hidden),
	Lips = 1,
	Jaw = 2,
	Eyes = 4,
	Brows = 8,
	Cheeks = 16,
	Head = 32,
	All = 63
};
ENUM_CLASS_FLAGS(ETalkFaceRegion);

/** How a layer meets what lies under it. */
UENUM(BlueprintType)
enum class ETalkFaceLayerMode : uint8
{
	/** Blends towards the layer. */
	Override,
	/** Fills the headroom that is left: nothing clips. */
	Additive
};

/** The stock face blueprint of a MetaHuman adds poses by the curve MouthClose, which fight a driven mouth. */
UENUM(BlueprintType)
enum class ETalkFaceMouthClose : uint8
{
	/** MouthClose is written: for faces without that additive, or with it bypassed. */
	Keep,
	/** MouthClose stays 0 and the jaw closes instead: for the stock blueprint as it is. */
	IntoJaw
};

/** Shares of emotions; neutral gets what the others leave. */
USTRUCT(BlueprintType)
struct TALKFACERUNTIME_API FTalkFaceEmotionMix
{
	GENERATED_BODY()

	/** 0 to 1 each, their sum at most 1; larger sums are scaled down. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace")
	TMap<ETalkFaceEmotion, float> Shares;

	/** How far the mix replaces the emotion that is heard, 0 to 1. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0", ClampMax = "1"))
	float Weight = 0.0f;

	/** Eight shares as the library takes them. */
	void ToShares(float (&Out)[TALKFACE_EMOTION_COUNT]) const;
};

/** An emotion at one time of a line. */
USTRUCT(BlueprintType)
struct TALKFACERUNTIME_API FTalkFaceEmotionKey
{
	GENERATED_BODY()

	/** Seconds from the start of the line. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0"))
	float Seconds = 0.0f;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace")
	FTalkFaceEmotionMix Mix;
};

/** A sound of speech and its time in a line. */
USTRUCT(BlueprintType)
struct TALKFACERUNTIME_API FTalkFacePhone
{
	GENERATED_BODY()

	/** ARPAbet, with or without a stress digit ("AH", "ow1"); "sil"; "UNK" for an unknown sound. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace")
	FString Symbol;

	/** Seconds from the start of the line. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0"))
	float StartSeconds = 0.0f;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0"))
	float EndSeconds = 0.0f;
};

/** Authored animation of a face, to be mixed with speech. */
USTRUCT(BlueprintType)
struct TALKFACERUNTIME_API FTalkFaceLayer
{
	GENERATED_BODY()

	/** Weights by channel name, in any usual spelling ("JawOpen", "jawOpen"); others are 0. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace")
	TMap<FName, float> Weights;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace",
		meta = (Bitmask, BitmaskEnum = "/Script/TalkFaceRuntime.ETalkFaceRegion"))
	int32 Regions = static_cast<int32>(ETalkFaceRegion::All);

	/** Higher ones are applied later. Speech has the component's SpeechPriority. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace")
	int32 Priority = 0;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace")
	ETalkFaceLayerMode Mode = ETalkFaceLayerMode::Override;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0", ClampMax = "1"))
	float Weight = 1.0f;

	/** As the mixer takes it. Names of no channel are left out and counted. */
	TalkFaceCore::Layer ToCore(int32& OutUnmatched) const;
};

namespace TalkFace
{
/** A quaternion of the core, which is already in an Unreal space. */
inline FQuat ToQuat(const TalkFaceCore::Quaternion& Rotation)
{
	return FQuat(Rotation.X, Rotation.Y, Rotation.Z, Rotation.W);
}

inline TalkFaceCore::LayerMode ToCore(ETalkFaceLayerMode Mode)
{
	return Mode == ETalkFaceLayerMode::Additive ? TalkFaceCore::LayerMode::Additive : TalkFaceCore::LayerMode::Override;
}

/** Put a face into a pose. */
TALKFACERUNTIME_API void SetFace(const TalkFaceCore::Face& Face, talkface_pose& OutPose);
}
