#include "TalkFaceHearing.h"

#include "Misc/ScopeLock.h"

namespace
{
/** Seconds that are kept for a voice; longer than a model takes to open. */
constexpr int32 KeptSeconds = 5;
}

void FTalkFaceHearing::Take(const float* Samples, int32 Frames, int32 Channels, int32 SampleRate)
{
	const FScopeLock Lock(&Gate);
	if (bClosed)
	{
		return;
	}
	bHeard.store(true, std::memory_order_release);
	if (SampleRate != Rate || Channels != Width)
	{
		Kept.Reset();
		Rate = SampleRate;
		Width = Channels;
	}
	if (GiveKept())
	{
		Voice->Push(Samples, Frames);
		return;
	}
	const int32 Room = KeptSeconds * Rate * Width - Kept.Num();
	Kept.Append(Samples, FMath::Min(Frames * Width, Room));
}

bool FTalkFaceHearing::GiveKept()
{
	if (!Voice.IsValid() || !Voice->Hears(Rate, Width) || Voice->Get() == nullptr)
	{
		return false;
	}
	if (!Kept.IsEmpty())
	{
		Voice->Push(Kept.GetData(), Kept.Num() / Width);
		Kept.Empty();
	}
	return true;
}

bool FTalkFaceHearing::HandOver()
{
	const FScopeLock Lock(&Gate);
	return GiveKept();
}

bool FTalkFaceHearing::WantsVoice(int32& OutSampleRate, int32& OutChannels)
{
	const FScopeLock Lock(&Gate);
	OutSampleRate = Rate;
	OutChannels = Width;
	const bool bFits = Voice.IsValid() && Voice->Hears(Rate, Width);
	return !bFits && Width > 0 && Width <= TALKFACE_MAX_CHANNELS;
}

void FTalkFaceHearing::SetVoice(const TSharedPtr<FTalkFaceVoice>& NewVoice)
{
	const FScopeLock Lock(&Gate);
	Voice = NewVoice;
}

void FTalkFaceHearing::Close()
{
	const FScopeLock Lock(&Gate);
	bClosed = true;
	Voice.Reset();
	Kept.Empty();
}

void FTalkFaceSourceTap::OnNewBuffer(const FOnNewBufferParams& Params)
{
	if (Params.NumChannels > 0)
	{
		Hearing->Take(Params.AudioData, Params.NumSamples / Params.NumChannels, Params.NumChannels, Params.SampleRate);
	}
}

void FTalkFaceSourceTap::OnSourceReleased(const int32)
{
	Hearing->End();
}

void FTalkFaceSubmixTap::OnNewSubmixBuffer(
	const USoundSubmix*, float* AudioData, int32 NumSamples, int32 NumChannels, const int32 SampleRate, double)
{
	if (NumChannels > 0)
	{
		Hearing->Take(AudioData, NumSamples / NumChannels, NumChannels, SampleRate);
	}
}

const FString& FTalkFaceSubmixTap::GetListenerName() const
{
	static const FString Name(TEXT("TalkFace"));
	return Name;
}
