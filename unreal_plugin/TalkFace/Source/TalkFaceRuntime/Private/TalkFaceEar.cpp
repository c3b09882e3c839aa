#include "TalkFaceEar.h"

#include "AudioDevice.h"
#include "AudioDeviceHandle.h"
#include "Components/AudioComponent.h"
#include "Engine/World.h"
#include "Sound/SoundSubmix.h"
#include "TalkFaceLog.h"
#include "TalkFaceSpeaker.h"

namespace
{
/** Of a microphone's callback: 10 ms at 48 kHz. */
constexpr uint32 CaptureFrames = 480;
}

FTalkFaceEar::FTalkFaceEar()
	: Hearing(MakeShared<FTalkFaceHearing>())
{
}

FTalkFaceEar::~FTalkFaceEar()
{
	Stop();
}

void FTalkFaceEar::HearAudio(UAudioComponent& Audio)
{
	Stop();
	Audio.SetSourceBufferListener(MakeShared<FTalkFaceSourceTap>(Hearing), false);
	HeardAudio = &Audio;
	bListening = true;
}

bool FTalkFaceEar::HearSubmix(const UWorld& World, USoundSubmix* Submix)
{
	Stop();
	FAudioDeviceHandle Device = World.GetAudioDevice();
	if (!Device.IsValid())
	{
		UE_LOG(LogTalkFace, Warning, TEXT("this world has no audio device to listen to"));
		return false;
	}
	USoundSubmix& Heard = Submix != nullptr ? *Submix : Device->GetMainSubmixObject();
	const TSharedRef<FTalkFaceSubmixTap> Tap = MakeShared<FTalkFaceSubmixTap>(Hearing);
	Device->RegisterSubmixBufferListener(Tap, Heard);
	SubmixTap = Tap;
	HeardSubmix = &Heard;
	HeardWorld = &World;
	bListening = true;
	return true;
}

bool FTalkFaceEar::HearMicrophone()
{
	Stop();
	Audio::FCaptureDeviceInfo Info;
	Audio::FAudioCaptureDeviceParams Params;
	Audio::FOnAudioCaptureFunction OnCapture =
		[Heard = Hearing](const void* Samples, int32 Frames, int32 Channels, int32 SampleRate, double, bool)
	{ Heard->Take(static_cast<const float*>(Samples), Frames, Channels, SampleRate); };
	Microphone = MakeUnique<Audio::FAudioCapture>();
	bListening = Microphone->GetCaptureDeviceInfo(Info) &&
				 Microphone->OpenAudioCaptureStream(Params, MoveTemp(OnCapture), CaptureFrames) &&
				 Microphone->StartStream();
	if (!bListening)
	{
		UE_LOG(LogTalkFace, Warning, TEXT("no microphone could be opened; is one the system's default input?"));
	}
	return bListening;
}

void FTalkFaceEar::Stop()
{
	if (UAudioComponent* Audio = HeardAudio.Get())
	{
		Audio->SetSourceBufferListener(nullptr, false);
	}
	HeardAudio.Reset();
	const UWorld* World = HeardWorld.Get();
	USoundSubmix* Submix = HeardSubmix.Get();
	if (SubmixTap.IsValid() && World != nullptr && Submix != nullptr)
	{
		FAudioDeviceHandle Device = World->GetAudioDevice();
		if (Device.IsValid())
		{
			Device->UnregisterSubmixBufferListener(SubmixTap.ToSharedRef(), *Submix);
		}
	}
	SubmixTap.Reset();
	if (Microphone.IsValid() && Microphone->IsStreamOpen())
	{
		Microphone->StopStream();
		Microphone->CloseStream();
	}
	Microphone.Reset();
	Hearing->Close();
	Hearing = MakeShared<FTalkFaceHearing>();
	bListening = false;
}

void FTalkFaceEar::Tick(FTalkFaceSpeaker& Speaker)
{
	if (!bListening)
	{
		return;
	}
	int32 SampleRate = 0;
	int32 Channels = 0;
	if (Hearing->WantsVoice(SampleRate, Channels))
	{
		Speaker.UseFormat(SampleRate, Channels);
		Speaker.FollowNewest();
		Speaker.PlaceTimed();
		Hearing->SetVoice(Speaker.GetVoice());
	}
	if ((Hearing->HandOver() || Speaker.IsLost()) && Hearing->TakeEnd())
	{
		Speaker.Finish();
	}
}
