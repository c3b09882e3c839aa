#pragma once

#include <vector>

#include "CoreMinimal.h"
#include "TalkFaceBundle.h"
#include "TalkFaceCore/Bake.h"
#include "TalkFaceKnobs.h"
#include "TalkFaceSound.h"
#include "TalkFaceTypes.h"

/** How a whole sound becomes frames. */
struct FTalkFaceBakeSetup
{
	FFrameRate FrameRate = FFrameRate(30, 1);
	FTalkFaceKnobs Knobs;
	FTalkFaceEmotionMix Emotion;
	FString Style;
	int32 Seed = 0;
};

namespace TalkFace
{
/** Frames of a sound. Progress gets the share that is done, and ends the bake by false. Any thread that may block. */
TALKFACERUNTIME_API TalkFaceCore::BakeResult Bake(const FTalkFaceModel& Model, const FTalkFacePcm& Audio,
	const FTalkFaceBakeSetup& Setup, TFunctionRef<bool(double)> Progress, std::vector<talkface_pose>& Out,
	FString& OutError);
}
