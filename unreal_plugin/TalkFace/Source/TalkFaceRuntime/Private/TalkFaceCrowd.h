#pragma once

#include <memory>

#include "CoreMinimal.h"
#include "HAL/CriticalSection.h"
#include "HAL/Runnable.h"
#include "TalkFaceBundle.h"
#include "TalkFaceCore/CrowdDriver.h"
#include "TalkFaceVoice.h"

class FRunnableThread;

/** All characters of one bundle in one world: one talkface_crowd on one thread, which also opens the model. */
class FTalkFaceCrowd : public FRunnable
{
public:
	FTalkFaceCrowd(int32 InMaxCharacters, int32 InThreads);
	virtual ~FTalkFaceCrowd() override;

	/** [game] Starts the thread, which opens the bundle; once. It ends with the object. Voices may have joined before.
	 */
	void Start(const FTalkFaceBundleSource& InSource);

	/** [game] The voice speaks from a later step on. */
	void Join(const TSharedRef<FTalkFaceVoice>& Voice);
	void Leave(const TSharedRef<FTalkFaceVoice>& Voice);

	/** [any] There is audio. */
	void Wake();

	/** [game] The newest failure that was not taken yet. */
	bool TakeFailure(FString& OutMessage);

	/** [any] The model could not be opened: nobody will speak. */
	bool HasFailed() const { return bFailed.load(std::memory_order_acquire); }

	virtual uint32 Run() override;
	virtual void Stop() override;

private:
	struct FRequest
	{
		TSharedRef<FTalkFaceVoice> Voice;
		bool bJoin;
	};

	bool Open();
	void TakeRequests();
	void Admit(const TSharedRef<FTalkFaceVoice>& Voice);
	void Fail(const FString& Message);

	FTalkFaceBundleSource Source;
	const int32 MaxCharacters;
	const int32 Threads;
	std::unique_ptr<TalkFaceCore::CrowdDriver> Driver;
	FRunnableThread* Thread = nullptr;
	FEvent* Work = nullptr;
	std::atomic<bool> bStop{false};
	std::atomic<bool> bFailed{false};

	FCriticalSection Gate;
	TArray<FRequest> Requests;
	FString Failure;
	FString LastFailure;
};
