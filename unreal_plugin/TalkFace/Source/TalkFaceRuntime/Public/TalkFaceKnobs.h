// Made by tests/unreal/knobs.py from the library's table; change that, not this file.
#pragma once

#include "CoreMinimal.h"
#include "UObject/ObjectMacros.h"
#include "TalkFaceKnobs.generated.h"

/** Post-processing of one character. */
USTRUCT(BlueprintType)
struct TALKFACERUNTIME_API FTalkFaceKnobs
{
	GENERATED_BODY()

	/** Gain of jaw, mouth and cheeks. Sealed lips stay sealed. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "2.0"))
	float LowerStrength = 1.0f;

	/** Gain of brows, lids and gaze that the model gives. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "2.0"))
	float UpperStrength = 1.0f;

	/** Gain of tongueOut, on top of lower_strength. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "3.0"))
	float TongueStrength = 1.0f;

	/** Half-life of smoothing of the lower face; the same at any frame rate. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "200.0"))
	float LowerSmoothingMs = 5.0f;

	/** Half-life of smoothing of brows, lids and gaze that the model gives. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "500.0"))
	float UpperSmoothingMs = 30.0f;

	/** How fully lips seal on p, b and m. Applied after smoothing, so closures survive it. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "1.0"))
	float MouthClose = 1.0f;

	/** Closure probability at which the lips are half sealed; lower seals more often. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.1", ClampMax = "0.9"))
	float ClosureThreshold = 0.48f;

	/** How fully the mouth comes to rest when nobody speaks, and at the end. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "1.0"))
	float SilenceRest = 1.0f;

	/** Idle blinks; 0 turns them off. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "1.0"))
	float BlinkStrength = 1.0f;

	/** Idle eye movement; 0 turns it off. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "2.0"))
	float GazeStrength = 1.0f;

	/** Gain of the head motion that the model gives; 0 turns it off. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "2.0"))
	float HeadStrength = 1.0f;

	/** How far pushed phones move the mouth instead of what the model hears; 0 ignores them. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "1.0"))
	float ScriptStrength = 1.0f;

	/** Brows that rise a little on stress; 0 turns them off. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "2.0"))
	float BrowStrength = 1.0f;

	/** Breathing of the idle head; 0 turns it off. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "2.0"))
	float BreathStrength = 1.0f;

	/** Power of the probabilities heard; above 1 the likeliest emotion stands out. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.3", ClampMax = "3.0"))
	float EmotionContrast = 1.0f;

	/** How many emotions beside neutral may show at once, of those that are heard. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "1.0", ClampMax = "7.0"))
	float MaxEmotions = 3.0f;

	/** Half-life of smoothing of what is heard; the same at any frame rate. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "5000.0"))
	float EmotionSmoothingMs = 250.0f;

	/** How much of the emotion that is heard is shown; 0 shows only what is directed. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "1.0"))
	float EmotionStrength = 0.6f;

	/** Time of a full change from one emotion to another, heard or directed. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "5000.0"))
	float EmotionTransitionMs = 500.0f;

	/** Gain of all that emotion adds to the face; 0 gives the neutral face. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "2.0"))
	float ExpressionStrength = 1.0f;

	/** Idle head sway; 0 turns it off. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0.0", ClampMax = "2.0"))
	float SwayStrength = 0.6f;

	/** Visit(name in the library, value) for every knob. */
	template <typename FVisitor>
	void ForEach(FVisitor&& Visit) const
	{
		Visit("lower_strength", LowerStrength);
		Visit("upper_strength", UpperStrength);
		Visit("tongue_strength", TongueStrength);
		Visit("lower_smoothing_ms", LowerSmoothingMs);
		Visit("upper_smoothing_ms", UpperSmoothingMs);
		Visit("mouth_close", MouthClose);
		Visit("closure_threshold", ClosureThreshold);
		Visit("silence_rest", SilenceRest);
		Visit("blink_strength", BlinkStrength);
		Visit("gaze_strength", GazeStrength);
		Visit("head_strength", HeadStrength);
		Visit("script_strength", ScriptStrength);
		Visit("brow_strength", BrowStrength);
		Visit("breath_strength", BreathStrength);
		Visit("emotion_contrast", EmotionContrast);
		Visit("max_emotions", MaxEmotions);
		Visit("emotion_smoothing_ms", EmotionSmoothingMs);
		Visit("emotion_strength", EmotionStrength);
		Visit("emotion_transition_ms", EmotionTransitionMs);
		Visit("expression_strength", ExpressionStrength);
		Visit("sway_strength", SwayStrength);
	}

	/** The field of a knob, or null. */
	float* Find(FName Name)
	{
		if (Name == FName(TEXT("lower_strength")))
		{
			return &LowerStrength;
		}
		if (Name == FName(TEXT("upper_strength")))
		{
			return &UpperStrength;
		}
		if (Name == FName(TEXT("tongue_strength")))
		{
			return &TongueStrength;
		}
		if (Name == FName(TEXT("lower_smoothing_ms")))
		{
			return &LowerSmoothingMs;
		}
		if (Name == FName(TEXT("upper_smoothing_ms")))
		{
			return &UpperSmoothingMs;
		}
		if (Name == FName(TEXT("mouth_close")))
		{
			return &MouthClose;
		}
		if (Name == FName(TEXT("closure_threshold")))
		{
			return &ClosureThreshold;
		}
		if (Name == FName(TEXT("silence_rest")))
		{
			return &SilenceRest;
		}
		if (Name == FName(TEXT("blink_strength")))
		{
			return &BlinkStrength;
		}
		if (Name == FName(TEXT("gaze_strength")))
		{
			return &GazeStrength;
		}
		if (Name == FName(TEXT("head_strength")))
		{
			return &HeadStrength;
		}
		if (Name == FName(TEXT("script_strength")))
		{
			return &ScriptStrength;
		}
		if (Name == FName(TEXT("brow_strength")))
		{
			return &BrowStrength;
		}
		if (Name == FName(TEXT("breath_strength")))
		{
			return &BreathStrength;
		}
		if (Name == FName(TEXT("emotion_contrast")))
		{
			return &EmotionContrast;
		}
		if (Name == FName(TEXT("max_emotions")))
		{
			return &MaxEmotions;
		}
		if (Name == FName(TEXT("emotion_smoothing_ms")))
		{
			return &EmotionSmoothingMs;
		}
		if (Name == FName(TEXT("emotion_strength")))
		{
			return &EmotionStrength;
		}
		if (Name == FName(TEXT("emotion_transition_ms")))
		{
			return &EmotionTransitionMs;
		}
		if (Name == FName(TEXT("expression_strength")))
		{
			return &ExpressionStrength;
		}
		if (Name == FName(TEXT("sway_strength")))
		{
			return &SwayStrength;
		}
		return nullptr;
	}
};
