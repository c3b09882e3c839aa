#pragma once

#include "CoreMinimal.h"

class USoundWave;

/** Interleaved audio in [-1, 1]. */
struct TALKFACERUNTIME_API FTalkFacePcm
{
	TArray<float> Samples;
	int32 SampleRate = 0;
	int32 Channels = 0;

	int32 GetFrames() const { return Channels > 0 ? Samples.Num() / Channels : 0; }

	/** 16-bit audio. */
	static FTalkFacePcm From16(const int16* Data, int32 Values, int32 InSampleRate, int32 InChannels);

	/** False when the library cannot take this rate or number of channels; the reason says what it takes. */
	bool Check(FString& OutReason) const;
};

namespace TalkFace
{
#if WITH_EDITOR
/** The audio that a SoundWave was imported from, whatever its compression and loading settings. False: it has none. */
TALKFACERUNTIME_API bool ReadImported(const USoundWave& Wave, FTalkFacePcm& Out);
#endif
}
