#include "TalkFaceHearing.h"

#include "Misc/ScopeLock.h"

void FTalkFaceHearing::Take(const float* Samples, int32 Frames, int32 Channels, int32 SampleRate)
{
	const FScopeLock Lock(&Gate);
	if (Voice.IsValid() && Voice->Hears(SampleRate, Channels))
	{
		Voice->Push(Samples, Frames);
	}
	else
	{
		Wanted.store(SampleRate * 16 + Channels, std::memory_order_release);
	}
}

bool FTalkFaceHearing::WantsFormat(int32& OutSampleRate, int32& OutChannels) const
{
	const int32 Format = Wanted.load(std::memory_order_acquire);
	OutSampleRate = Format / 16;
	OutChannels = Format % 16;
	return Format != 0 && OutChannels <= TALKFACE_MAX_CHANNELS;
}

void FTalkFaceHearing::SetVoice(const TSharedPtr<FTalkFaceVoice>& NewVoice)
{
	const FScopeLock Lock(&Gate);
	Voice = NewVoice;
	Wanted.store(0, std::memory_order_release);
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
