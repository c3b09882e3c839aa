#include "TalkFacePoseSink.h"

namespace
{
TArray<TWeakPtr<ITalkFacePoseSink>>& Sinks()
{
	static TArray<TWeakPtr<ITalkFacePoseSink>> All;
	return All;
}

/** From the last on, since a sink may remove itself while it is visited. */
void ForEachSink(TFunctionRef<void(ITalkFacePoseSink&)> Visit)
{
	for (int32 Index = Sinks().Num() - 1; Index >= 0; --Index)
	{
		const bool bThere = Index < Sinks().Num();
		if (const TSharedPtr<ITalkFacePoseSink> Sink = bThere ? Sinks()[Index].Pin() : nullptr)
		{
			Visit(*Sink);
		}
	}
}
}

void TalkFace::AddPoseSink(const TSharedRef<ITalkFacePoseSink>& Sink)
{
	check(IsInGameThread());
	RemovePoseSink(Sink);
	Sinks().Add(TWeakPtr<ITalkFacePoseSink>(Sink));
}

void TalkFace::RemovePoseSink(const TSharedRef<ITalkFacePoseSink>& Sink)
{
	check(IsInGameThread());
	Sinks().RemoveAll(
		[&Sink](const TWeakPtr<ITalkFacePoseSink>& Each)
		{
			const TSharedPtr<ITalkFacePoseSink> Other = Each.Pin();
			return !Other.IsValid() || Other.Get() == &Sink.Get();
		});
}

void TalkFace::PublishPose(FName Subject, const talkface_pose& Pose, double Seconds)
{
	ForEachSink([&](ITalkFacePoseSink& Sink) { Sink.OnPose(Subject, Pose, Seconds); });
}

void TalkFace::PublishGone(FName Subject)
{
	ForEachSink([&](ITalkFacePoseSink& Sink) { Sink.OnGone(Subject); });
}
