#include "TalkFaceVoice.h"

#include "Misc/ScopeLock.h"

int32 FTalkFaceVoice::Push(const float* Samples, int32 Frames)
{
	TalkFaceCore::StreamWorker* Worker = Get();
	if (Worker == nullptr)
	{
		return 0;
	}
	const FScopeLock Lock(&Pushing);
	return static_cast<int32>(Worker->Push(Samples, static_cast<uint64_t>(Frames)));
}

void FTalkFaceVoice::Open(std::shared_ptr<TalkFaceCore::StreamWorker> Made)
{
	Owner = std::move(Made);
	Ready.store(Owner.get(), std::memory_order_release);
}
