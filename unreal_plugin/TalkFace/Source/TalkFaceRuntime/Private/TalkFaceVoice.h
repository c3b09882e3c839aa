#pragma once

#include "CoreMinimal.h"
#include "HAL/CriticalSection.h"
#include "TalkFaceCore/StreamWorker.h"

/** What a voice is made from. */
struct FTalkFaceVoiceSetup
{
	int32 SampleRate = 0;
	int32 Channels = 0;
	uint64 Seed = 0;
	FString Style;
	float QueueSeconds = 10.0f;
	bool bIdleLife = true;
};

/** One stream of a crowd: a character that hears audio of one format. Opened on the crowd's thread. */
class FTalkFaceVoice : public FNoncopyable
{
public:
	explicit FTalkFaceVoice(const FTalkFaceVoiceSetup& InSetup)
		: Setup(InSetup)
	{
	}

	const FTalkFaceVoiceSetup& GetSetup() const { return Setup; }

	bool Hears(int32 SampleRate, int32 Channels) const
	{
		return Setup.SampleRate == SampleRate && Setup.Channels == Channels;
	}

	/** [any] The stream, or null until the crowd has opened it. */
	TalkFaceCore::StreamWorker* Get() const { return Ready.load(std::memory_order_acquire); }

	/** [audio] Interleaved audio; returns the frames that were taken. */
	int32 Push(const float* Samples, int32 Frames);

	/** [any] The crowd could not take it in: it will never speak. */
	bool IsRefused() const { return bRefused.load(std::memory_order_acquire); }

	/** [crowd] */
	void Refuse() { bRefused.store(true, std::memory_order_release); }
	void Open(std::shared_ptr<TalkFaceCore::StreamWorker> Made);
	const std::shared_ptr<TalkFaceCore::StreamWorker>& GetOwner() const { return Owner; }

private:
	const FTalkFaceVoiceSetup Setup;
	std::shared_ptr<TalkFaceCore::StreamWorker> Owner;
	std::atomic<TalkFaceCore::StreamWorker*> Ready{nullptr};
	std::atomic<bool> bRefused{false};
	/** Between threads that push; never held while the model runs. */
	FCriticalSection Pushing;
};
