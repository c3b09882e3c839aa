#include "TalkFaceSound.h"

#include "Sound/SoundWave.h"
#include "talkface/talkface.h"

FTalkFacePcm FTalkFacePcm::From16(const int16* Data, int32 Values, int32 InSampleRate, int32 InChannels)
{
	FTalkFacePcm Pcm;
	Pcm.SampleRate = InSampleRate;
	Pcm.Channels = InChannels;
	Pcm.Samples.SetNumUninitialized(Values);
	for (int32 Index = 0; Index < Values; ++Index)
	{
		Pcm.Samples[Index] = static_cast<float>(Data[Index]) / 32768.0f;
	}
	return Pcm;
}

bool FTalkFacePcm::Check(FString& OutReason) const
{
	if (SampleRate < TALKFACE_MIN_SAMPLE_RATE || SampleRate > TALKFACE_MAX_SAMPLE_RATE)
	{
		OutReason = FString::Printf(TEXT("audio has %d Hz; TalkFace takes %d to %d"), SampleRate,
			TALKFACE_MIN_SAMPLE_RATE, TALKFACE_MAX_SAMPLE_RATE);
		return false;
	}
	if (Channels < 1 || Channels > TALKFACE_MAX_CHANNELS)
	{
		OutReason =
			FString::Printf(TEXT("audio has %d channels; TalkFace takes 1 to %d"), Channels, TALKFACE_MAX_CHANNELS);
		return false;
	}
	return true;
}

#if WITH_EDITOR
bool TalkFace::ReadImported(const USoundWave& Wave, FTalkFacePcm& Out)
{
	TArray<uint8> Bytes;
	uint32 SampleRate = 0;
	uint16 Channels = 0;
	if (!Wave.GetImportedSoundWaveData(Bytes, SampleRate, Channels) || Channels == 0)
	{
		return false;
	}
	TArray<int16> Values;
	Values.SetNumUninitialized(Bytes.Num() / static_cast<int32>(sizeof(int16)));
	FMemory::Memcpy(Values.GetData(), Bytes.GetData(), static_cast<SIZE_T>(Values.Num()) * sizeof(int16));
	Out = FTalkFacePcm::From16(Values.GetData(), Values.Num(), static_cast<int32>(SampleRate), Channels);
	return true;
}
#endif
