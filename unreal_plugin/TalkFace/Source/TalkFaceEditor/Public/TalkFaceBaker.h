#pragma once

#include <vector>

#include "CoreMinimal.h"
#include "TalkFaceBake.h"

class UAnimSequence;
class USoundWave;
class UTalkFaceBakeSettings;
class UTalkFaceSection;

/** Bakes sounds in the editor, with progress that can be cancelled. */
class TALKFACEEDITOR_API FTalkFaceBaker
{
public:
	/** An animation beside each sound, named as the sound with _Face. Fewer than sounds when cancelled or failed. */
	static TArray<UAnimSequence*> BakeSounds(const TArray<USoundWave*>& Sounds, const UTalkFaceBakeSettings& Settings);

	/** Fill a Sequencer section's clip. */
	static bool BakeSection(UTalkFaceSection& Section);

private:
	static TSharedPtr<FTalkFaceModel> OpenModel(const UTalkFaceBundle* Bundle);
	static TalkFaceCore::BakeResult BakeWave(const FTalkFaceModel& Model, const USoundWave& Wave,
		const FTalkFaceBakeSetup& Setup, std::vector<talkface_pose>& Out);
	static UAnimSequence* MakeSequence(
		const USoundWave& Wave, const std::vector<talkface_pose>& Poses, const UTalkFaceBakeSettings& Settings);
};
