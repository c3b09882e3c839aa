#pragma once

#include <vector>

#include "CoreMinimal.h"
#include "MovieSceneSection.h"
#include "TalkFaceKnobs.h"
#include "TalkFaceTypes.h"
#include "TalkFaceSection.generated.h"

class USoundWave;
class UTalkFaceBundle;

/** A baked face, to be shown at any time. */
USTRUCT()
struct TALKFACERUNTIME_API FTalkFaceClip
{
	GENERATED_BODY()

	/** Frames a second. */
	UPROPERTY()
	int32 FrameRate = 0;

	/** For each frame 52 weights, head quaternion x y z w, head translation in metres. */
	UPROPERTY()
	TArray<float> Values;

	void Set(const std::vector<talkface_pose>& Poses, int32 InFrameRate);

	bool IsEmpty() const { return Values.IsEmpty(); }

	/** The pose at a time, interpolated, held before the first and after the last frame. False for an empty clip. */
	bool Sample(double Seconds, talkface_pose& OutPose) const;
};

/** A line of speech in Sequencer. The face is baked in the editor and stored here, so that any time can be shown. */
UCLASS()
class TALKFACERUNTIME_API UTalkFaceSection : public UMovieSceneSection
{
	GENERATED_BODY()

public:
	UTalkFaceSection(const FObjectInitializer& Initializer);

	/** Bake again after a change, by the section's menu. An audio track plays the sound. */
	UPROPERTY(EditAnywhere, Category = "TalkFace")
	TObjectPtr<USoundWave> Sound;

	/** None: the project's default. */
	UPROPERTY(EditAnywhere, Category = "TalkFace")
	TObjectPtr<UTalkFaceBundle> Bundle;

	UPROPERTY(EditAnywhere, Category = "TalkFace")
	FTalkFaceKnobs Knobs;

	UPROPERTY(EditAnywhere, Category = "TalkFace")
	FTalkFaceEmotionMix Emotion;

	/** Of the clip over what the component says itself. */
	UPROPERTY(EditAnywhere, Category = "TalkFace", meta = (ClampMin = "0", ClampMax = "1"))
	float Weight = 1.0f;

	/** Frames of the sequence that lie left of the section: it was trimmed there. */
	UPROPERTY(EditAnywhere, Category = "TalkFace")
	FFrameNumber StartFrameOffset;

	UPROPERTY()
	FTalkFaceClip Clip;

	/** Let the section begin at a frame with the face staying where it is. Gives the frame, not before the clip begins.
	 */
	FFrameNumber MoveStart(FFrameNumber Start);

	/** Time in the clip of a frame of the sequence. */
	FFrameTime TimeInClip(FFrameTime Time) const;

	virtual void TrimSection(FQualifiedFrameTime TrimTime, bool bTrimLeft, bool bDeleteKeys) override;
	virtual TOptional<FFrameTime> GetOffsetTime() const override;
	virtual void MigrateFrameTimes(FFrameRate SourceRate, FFrameRate DestinationRate) override;

#if WITH_EDITOR
	virtual void PostEditChangeProperty(FPropertyChangedEvent& Event) override;
#endif
};
