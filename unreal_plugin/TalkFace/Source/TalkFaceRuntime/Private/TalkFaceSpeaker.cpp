#include "TalkFaceSpeaker.h"

namespace
{
/** The library's own time for easing over a gap. */
constexpr float FadeSeconds = 0.2f;

/** Longer than any tick of a worker, so that a warm-up shorter than a game frame is not waited for. */
constexpr float WarmUpSeconds = 0.5f;
}

FTalkFaceSpeaker::FTalkFaceSpeaker(const TSharedRef<FTalkFaceCrowd>& InCrowd, const FTalkFaceVoiceSetup& InSetup)
	: Crowd(InCrowd)
	, Setup(InSetup)
{
}

FTalkFaceSpeaker::~FTalkFaceSpeaker()
{
	if (Voice.IsValid())
	{
		Crowd->Leave(Voice.ToSharedRef());
	}
}

void FTalkFaceSpeaker::SetKnobs(const FTalkFaceKnobs& NewKnobs)
{
	Knobs = NewKnobs;
	if (Voice.IsValid() && Voice->Get() != nullptr)
	{
		ApplySettings(Voice->Get()->Handle());
	}
}

void FTalkFaceSpeaker::SetEmotion(const FTalkFaceEmotionMix& NewMix)
{
	Mix = NewMix;
	if (Voice.IsValid() && Voice->Get() != nullptr)
	{
		ApplySettings(Voice->Get()->Handle());
	}
}

void FTalkFaceSpeaker::SetStride(int32 NewStride)
{
	Stride = NewStride;
	if (Voice.IsValid() && Voice->Get() != nullptr)
	{
		ApplySettings(Voice->Get()->Handle());
	}
}

void FTalkFaceSpeaker::ApplySettings(talkface_stream* Stream) const
{
	Knobs.ForEach([Stream](const char* Name, float Value) { talkface_stream_set_knob(Stream, Name, Value); });
	float Shares[TALKFACE_EMOTION_COUNT];
	Mix.ToShares(Shares);
	talkface_stream_set_emotion(Stream, Shares, FMath::Clamp(Mix.Weight, 0.0f, 1.0f));
	talkface_stream_set_stride(Stream, static_cast<uint32_t>(Stride));
}

void FTalkFaceSpeaker::UseFormat(int32 SampleRate, int32 Channels)
{
	if (Voice.IsValid() && Voice->Hears(SampleRate, Channels))
	{
		return;
	}
	if (Voice.IsValid())
	{
		using TalkFaceCore::WorkerState;
		const WorkerState State = Voice->Get() != nullptr ? Voice->Get()->State() : WorkerState::Idle;
		bCutOff = State != WorkerState::Idle && State != WorkerState::WarmUp;
		Crowd->Leave(Voice.ToSharedRef());
		Old = Shown;
		FadeLeft = FadeSeconds;
	}
	Setup.SampleRate = SampleRate;
	Setup.Channels = Channels;
	const TSharedRef<FTalkFaceVoice> Made = MakeShared<FTalkFaceVoice>(Setup);
	Crowd->Join(Made);
	Voice = Made;
	Backlog.Reset();
	BacklogStart = 0;
	Keys.Reset();
	Phones.Reset();
	bFinish = false;
	bApplied = false;
	LastState = TalkFaceCore::WorkerState::Idle;
	LastStarted = 0;
	LastInterrupted = 0;
	LastFinished = 0;
	LastRefused = 0;
	LostFrames = 0;
}

int64 FTalkFaceSpeaker::GetPushPosition() const
{
	if (!Voice.IsValid())
	{
		return 0;
	}
	const TalkFaceCore::StreamWorker* Worker = Voice->Get();
	const int64 Taken = Worker != nullptr ? Worker->Produced() : 0;
	return LostFrames + Taken + (Backlog.Num() - BacklogStart) / Setup.Channels;
}

int64 FTalkFaceSpeaker::PositionOf(float Seconds) const
{
	return GetPushPosition() + FMath::RoundToInt64(static_cast<double>(Seconds) * Setup.SampleRate);
}

void FTalkFaceSpeaker::PushEmotions(const TArray<FTalkFaceEmotionKey>& NewKeys)
{
	NextKeys.Append(NewKeys);
}

void FTalkFaceSpeaker::PushPhones(const TArray<FTalkFacePhone>& NewPhones)
{
	NextPhones.Append(NewPhones);
}

void FTalkFaceSpeaker::DropTimed()
{
	NextKeys.Reset();
	NextPhones.Reset();
}

void FTalkFaceSpeaker::PlaceTimed()
{
	for (const FTalkFaceEmotionKey& Key : NextKeys)
	{
		talkface_emotion_key Made = talkface_emotion_key_init();
		Made.sample = PositionOf(Key.Seconds);
		Key.Mix.ToShares(Made.mix);
		Made.weight = FMath::Clamp(Key.Mix.Weight, 0.0f, 1.0f);
		Keys.Add(Made);
	}
	for (const FTalkFacePhone& Phone : NextPhones)
	{
		talkface_phone Made = talkface_phone_init();
		Made.start = PositionOf(Phone.StartSeconds);
		Made.end = PositionOf(Phone.EndSeconds);
		const FTCHARToUTF8 Symbol(*Phone.Symbol);
		const int32 Length = FMath::Min(Symbol.Length(), static_cast<int32>(sizeof(Made.symbol)) - 1);
		FMemory::Memcpy(Made.symbol, Symbol.Get(), static_cast<SIZE_T>(Length));
		Phones.Add(Made);
	}
	DropTimed();
}

void FTalkFaceSpeaker::Push(const FTalkFacePcm& Audio)
{
	if (BacklogStart == Backlog.Num())
	{
		Backlog.Reset();
		BacklogStart = 0;
	}
	if (IsLost())
	{
		DropTimed();
		LostFrames += Audio.GetFrames();
		return;
	}
	PlaceTimed();
	Backlog.Append(Audio.Samples);
}

bool FTalkFaceSpeaker::IsLost() const
{
	return Crowd->HasFailed() || (Voice.IsValid() && Voice->IsRefused());
}

void FTalkFaceSpeaker::EndLost(double Now, FTalkFaceNews& News)
{
	if (!IsLost())
	{
		return;
	}
	News.bReady = !bReady;
	bReady = true;
	if (!bFinish || (!bNewest && Clock.PositionAt(Now) < GetPushPosition()))
	{
		return;
	}
	LostFrames = GetPushPosition();
	Backlog.Reset();
	BacklogStart = 0;
	bFinish = false;
	News.bStarted = true;
	News.bFinished = true;
}

void FTalkFaceSpeaker::Finish()
{
	// At once where it can be, else it would end what an ear hears next.
	TalkFaceCore::StreamWorker* Worker = Voice.IsValid() ? Voice->Get() : nullptr;
	const bool bWaits = BacklogStart < Backlog.Num() || (Worker != nullptr && !Worker->Finish());
	bFinish = bWaits || IsLost();
}

void FTalkFaceSpeaker::Interrupt(float EaseSeconds)
{
	Backlog.Reset();
	BacklogStart = 0;
	Keys.Reset();
	Phones.Reset();
	bFinish = false;
	if (Voice.IsValid() && Voice->Get() != nullptr)
	{
		const float Milliseconds = FMath::Clamp(EaseSeconds * 1000.0f, 0.0f, 10000.0f);
		Voice->Get()->Interrupt(static_cast<uint32_t>(Milliseconds));
		Crowd->Wake();
	}
}

void FTalkFaceSpeaker::WarmUp()
{
	bWarmUp = true;
}

bool FTalkFaceSpeaker::IsSpeaking() const
{
	const TalkFaceCore::StreamWorker* Worker = Voice.IsValid() ? Voice->Get() : nullptr;
	const bool bBusy = Worker != nullptr && (Worker->State() == TalkFaceCore::WorkerState::Speaking ||
												Worker->State() == TalkFaceCore::WorkerState::Finishing);
	return bBusy || BacklogStart < Backlog.Num();
}

void FTalkFaceSpeaker::Drain(TalkFaceCore::StreamWorker& Worker)
{
	if (bWarmUp)
	{
		Worker.RequestWarmUp();
		bWarmUp = false;
		WarmUpLeft = WarmUpSeconds;
	}
	while (!Keys.IsEmpty() && Worker.PushEmotion(Keys[0]))
	{
		Keys.RemoveAt(0);
	}
	while (!Phones.IsEmpty() && Worker.PushPhone(Phones[0]))
	{
		Phones.RemoveAt(0);
	}
	const int32 Waiting = (Backlog.Num() - BacklogStart) / Setup.Channels;
	if (Waiting > 0)
	{
		BacklogStart += Voice->Push(Backlog.GetData() + BacklogStart, Waiting) * Setup.Channels;
		Crowd->Wake();
	}
	if (bFinish && BacklogStart == Backlog.Num() && Worker.Finish())
	{
		bFinish = false;
	}
}

void FTalkFaceSpeaker::NoteState(const TalkFaceCore::StreamWorker& Worker, float DeltaTime, FTalkFaceNews& News)
{
	using TalkFaceCore::WorkerState;
	const WorkerState State = Worker.State();
	const uint64 Started = Worker.Started();
	const uint64 Interrupted = Worker.Interrupted();
	News.bStarted = Started != LastStarted;
	const bool bWarmed = LastState == WorkerState::WarmUp || State == WorkerState::Speaking;
	WarmUpLeft = bWarmed ? 0.0f : WarmUpLeft - DeltaTime;
	News.bReady = !bReady && State != WorkerState::WarmUp && WarmUpLeft <= 0.0f;
	bReady = bReady || News.bReady;
	const uint64 Finished = Worker.Finished();
	News.bFinished = Finished != LastFinished;
	News.bInterrupted = Interrupted != LastInterrupted;
	LastStarted = Started;
	LastInterrupted = Interrupted;
	LastFinished = Finished;
	News.Refused = static_cast<int32>(Worker.Refused() - LastRefused);
	LastRefused += static_cast<uint64>(News.Refused);
	LastState = State;
}

void FTalkFaceSpeaker::Fade(float DeltaTime, talkface_pose& Pose)
{
	Shown = TalkFaceCore::FaceOf(Pose);
	if (FadeLeft <= 0.0f)
	{
		return;
	}
	TalkFaceCore::Layer Top;
	Top.Values = Old;
	Top.Weight = FadeLeft / FadeSeconds;
	TalkFaceCore::ApplyLayer(Top, Shown);
	TalkFace::SetFace(Shown, Pose);
	FadeLeft -= DeltaTime;
}

FTalkFaceNews FTalkFaceSpeaker::Tick(double Now, float DeltaTime, float LatencySeconds, talkface_pose& OutPose)
{
	FTalkFaceNews News;
	OutPose = talkface_pose_init();
	OutPose.flags = TALKFACE_POSE_EMPTY;
	if (TalkFaceCore::StreamWorker* Worker = Voice.IsValid() ? Voice->Get() : nullptr)
	{
		if (!bApplied)
		{
			ApplySettings(Worker->Handle());
			bApplied = true;
		}
		Drain(*Worker);
		NoteState(*Worker, DeltaTime, News);
		const int64 Playhead = bNewest ? TALKFACE_NEWEST : Clock.PositionAt(Now, static_cast<double>(LatencySeconds));
		Worker->Sample(Playhead, &OutPose);
		News.bEmotionChanged = Tracker.Update(OutPose, static_cast<double>(DeltaTime));
	}
	EndLost(Now, News);
	News.bInterrupted |= bCutOff;
	bCutOff = false;
	Fade(DeltaTime, OutPose);
	return News;
}
