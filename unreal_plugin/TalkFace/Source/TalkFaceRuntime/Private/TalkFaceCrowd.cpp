#include "TalkFaceCrowd.h"

#include "HAL/Event.h"
#include "HAL/PlatformProcess.h"
#include "HAL/RunnableThread.h"
#include "Misc/ScopeLock.h"

namespace
{
/** Longest wait between two ticks: half of the shortest hop of a bundle, 10 ms. */
constexpr uint32 WaitMilliseconds = 5;
}

FTalkFaceCrowd::FTalkFaceCrowd(int32 InMaxCharacters, int32 InThreads)
	: MaxCharacters(InMaxCharacters)
	, Threads(InThreads)
	, Work(FPlatformProcess::GetSynchEventFromPool())
{
}

FTalkFaceCrowd::~FTalkFaceCrowd()
{
	if (Thread != nullptr)
	{
		Thread->Kill(true);
		delete Thread;
	}
	FPlatformProcess::ReturnSynchEventToPool(Work);
}

void FTalkFaceCrowd::Start(const FTalkFaceBundleSource& InSource)
{
	Source = InSource;
	Thread = FRunnableThread::Create(this, TEXT("TalkFace"), 0, TPri_Normal);
	if (Thread == nullptr)
	{
		Fail(TEXT("the engine gave no thread; TalkFace needs one"));
		bFailed.store(true, std::memory_order_release);
	}
}

void FTalkFaceCrowd::Join(const TSharedRef<FTalkFaceVoice>& Voice)
{
	{
		const FScopeLock Lock(&Gate);
		Requests.Add(FRequest{Voice, true});
	}
	Wake();
}

void FTalkFaceCrowd::Leave(const TSharedRef<FTalkFaceVoice>& Voice)
{
	{
		const FScopeLock Lock(&Gate);
		Requests.Add(FRequest{Voice, false});
	}
	Wake();
}

void FTalkFaceCrowd::Wake()
{
	Work->Trigger();
}

bool FTalkFaceCrowd::TakeFailure(FString& OutMessage)
{
	const FScopeLock Lock(&Gate);
	OutMessage = Failure;
	Failure = FString();
	return !OutMessage.IsEmpty();
}

uint32 FTalkFaceCrowd::Run()
{
	if (!Open())
	{
		bFailed.store(true, std::memory_order_release);
		return 1;
	}
	while (!bStop.load(std::memory_order_acquire))
	{
		TakeRequests();
		talkface_error Error = talkface_error_init();
		const TalkFaceCore::StepResult Result = Driver->Step(0, &Error);
		if (Result.Status < 0)
		{
			Fail(UTF8_TO_TCHAR(Error.message));
		}
		if (!Result.bAgain)
		{
			Work->Wait(WaitMilliseconds);
		}
	}
	return 0;
}

void FTalkFaceCrowd::Stop()
{
	bStop.store(true, std::memory_order_release);
	Wake();
}

bool FTalkFaceCrowd::Open()
{
	FString Reason;
	const TSharedPtr<FTalkFaceModel> Model = Source.Open(Reason);
	if (!Model.IsValid())
	{
		Fail(Reason);
		return false;
	}
	talkface_crowd_options Options = talkface_crowd_options_init();
	Options.max_streams = static_cast<uint32_t>(MaxCharacters);
	Options.max_batch = FMath::Min(Options.max_batch, Options.max_streams);
	Options.threads = static_cast<uint32_t>(Threads);
	talkface_error Error = talkface_error_init();
	Driver = TalkFaceCore::CrowdDriver::Open(Model->Get(), &Options, &Error);
	if (Driver == nullptr)
	{
		Fail(UTF8_TO_TCHAR(Error.message));
	}
	return Driver != nullptr;
}

void FTalkFaceCrowd::TakeRequests()
{
	TArray<FRequest> Taken;
	{
		const FScopeLock Lock(&Gate);
		Taken = MoveTemp(Requests);
		Requests.Reset();
	}
	for (const FRequest& Request : Taken)
	{
		if (Request.bJoin)
		{
			Admit(Request.Voice);
		}
		else if (Request.Voice->GetOwner() != nullptr)
		{
			Driver->Leave(Request.Voice->GetOwner());
		}
	}
}

void FTalkFaceCrowd::Admit(const TSharedRef<FTalkFaceVoice>& Voice)
{
	const FTalkFaceVoiceSetup& Setup = Voice->GetSetup();
	TalkFaceCore::WorkerOptions Options;
	Options.Stream.sample_rate = static_cast<uint32_t>(Setup.SampleRate);
	Options.Stream.channels = static_cast<uint32_t>(Setup.Channels);
	Options.Stream.seed = Setup.Seed;
	Options.QueueSeconds = Setup.QueueSeconds;
	Options.bIdleLife = Setup.bIdleLife;
	Options.Style = TCHAR_TO_UTF8(*Setup.Style);
	talkface_error Error = talkface_error_init();
	if (std::shared_ptr<TalkFaceCore::StreamWorker> Worker = Driver->Join(Options, &Error))
	{
		Voice->Open(std::move(Worker));
	}
	else
	{
		Fail(UTF8_TO_TCHAR(Error.message));
		Voice->Refuse();
	}
}

void FTalkFaceCrowd::Fail(const FString& Message)
{
	const FScopeLock Lock(&Gate);
	if (!(Message == LastFailure))
	{
		LastFailure = Message;
		Failure = Message;
	}
}
