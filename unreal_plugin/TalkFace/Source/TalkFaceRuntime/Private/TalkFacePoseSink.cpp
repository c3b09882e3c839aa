#include "TalkFacePoseSink.h"

namespace
{
TArray<TWeakPtr<ITalkFacePoseSink>>& Sinks()
{
	static TArray<TWeakPtr<ITalkFacePoseSink>> All;
	return All;
}

void ForEachSink(TFunctionRef<void(ITalkFacePoseSink&)> Visit)
{
	for (const TWeakPtr<ITalkFacePoseSink>& Each : Sinks())
	{
		if (const TSharedPtr<ITalkFacePoseSink> Sink = Each.Pin())
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
