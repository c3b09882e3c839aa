#pragma once

#include <atomic>

#include "Audio.h"
#include "CoreMinimal.h"
#include "HAL/CriticalSection.h"
#include "ISubmixBufferListener.h"
#include "TalkFaceVoice.h"

/** Where an audio thread leaves what a character hears, as long as the character wants it. */
class FTalkFaceHearing
{
public:
	/** [audio] Interleaved. Audio of a format that the voice does not hear is dropped, and the format noted. */
	void Take(const float* Samples, int32 Frames, int32 Channels, int32 SampleRate);

	/** [audio] The source ended. */
	void End() { bEnded.store(true, std::memory_order_release); }

	/** [game] True when audio of another format came: make a voice for it. */
	bool WantsFormat(int32& OutSampleRate, int32& OutChannels) const;

	/** [game] The voice that takes audio from now on; null: none. */
	void SetVoice(const TSharedPtr<FTalkFaceVoice>& NewVoice);

	/** [game] True once after End. */
	bool TakeEnd() { return bEnded.exchange(false, std::memory_order_acq_rel); }

private:
	FCriticalSection Gate;
	TSharedPtr<FTalkFaceVoice> Voice;
	/** Rate * 16 + channels of audio that found no voice; 0: none. */
	std::atomic<int32> Wanted{0};
	std::atomic<bool> bEnded{false};
};

/** Hears one audio component: whatever it plays, compressed, streaming or procedural. */
class FTalkFaceSourceTap : public ISourceBufferListener
{
public:
	explicit FTalkFaceSourceTap(const TSharedRef<FTalkFaceHearing>& InHearing)
		: Hearing(InHearing)
	{
	}

	virtual void OnNewBuffer(const FOnNewBufferParams& Params) override;
	virtual void OnSourceReleased(const int32 SourceId) override;

private:
	const TSharedRef<FTalkFaceHearing> Hearing;
};

/** Hears a submix. */
class FTalkFaceSubmixTap : public ISubmixBufferListener
{
public:
	explicit FTalkFaceSubmixTap(const TSharedRef<FTalkFaceHearing>& InHearing)
		: Hearing(InHearing)
	{
	}

	virtual void OnNewSubmixBuffer(const USoundSubmix* OwningSubmix, float* AudioData, int32 NumSamples,
		int32 NumChannels, const int32 SampleRate, double AudioClock) override;
	virtual const FString& GetListenerName() const override;

private:
	const TSharedRef<FTalkFaceHearing> Hearing;
};
