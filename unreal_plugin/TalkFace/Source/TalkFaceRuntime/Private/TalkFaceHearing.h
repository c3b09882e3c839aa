#pragma once

#include <atomic>

#include "Audio.h"
#include "CoreMinimal.h"
#include "HAL/CriticalSection.h"
#include "ISubmixBufferListener.h"
#include "TalkFaceVoice.h"

/**
 * Where an audio thread leaves what a character hears, as long as the character wants it. The first seconds are kept
 * until there is a voice that takes them: for the format, and while the model opens.
 */
class FTalkFaceHearing
{
public:
	/** [audio] Interleaved. */
	void Take(const float* Samples, int32 Frames, int32 Channels, int32 SampleRate);

	/** [audio] The source ended. */
	void End() { bEnded.store(true, std::memory_order_release); }

	/** [any] Something was heard. */
	bool HasHeard() const { return bHeard.load(std::memory_order_acquire); }

	/** [game] True when what is heard needs another voice: make one for the format. */
	bool WantsVoice(int32& OutSampleRate, int32& OutChannels);

	/** [game] The voice that takes audio from now on. */
	void SetVoice(const TSharedPtr<FTalkFaceVoice>& NewVoice);

	/** [game] Gives the voice what was kept; true when it has all of it. */
	bool HandOver();

	/** [game] True once after End. */
	bool TakeEnd() { return bEnded.exchange(false, std::memory_order_acq_rel); }

	/** [game] Hear no more. */
	void Close();

private:
	/** The gate is held. */
	bool GiveKept();

	FCriticalSection Gate;
	TSharedPtr<FTalkFaceVoice> Voice;
	/** Of the format that was heard last; none at first. */
	TArray<float> Kept;
	int32 Rate = 0;
	int32 Width = 0;
	bool bClosed = false;
	std::atomic<bool> bHeard{false};
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
