#pragma once

#include "AudioCaptureCore.h"
#include "CoreMinimal.h"
#include "TalkFaceHearing.h"
#include "Templates/UniquePtr.h"
#include "UObject/WeakObjectPtrTemplates.h"

class FTalkFaceSpeaker;
class UAudioComponent;
class USoundSubmix;
class UWorld;

/** What a component listens to: one audio component, submix or microphone at a time. */
class FTalkFaceEar : public FNoncopyable
{
public:
	FTalkFaceEar();
	~FTalkFaceEar();

	void HearAudio(UAudioComponent& Audio);
	bool HearSubmix(const UWorld& World, USoundSubmix* Submix);
	bool HearMicrophone();
	void Stop();

	bool IsListening() const { return bListening; }

	/** The source that it listens to has given something. */
	bool HasHeard() const { return Hearing->HasHeard(); }

	/** Gives the speaker the format that is heard, and ends the line with the source. */
	void Tick(FTalkFaceSpeaker& Speaker);

private:
	/** Made anew with each Stop: a source that was left may tell its end later. */
	TSharedRef<FTalkFaceHearing> Hearing;
	bool bListening = false;
	TWeakObjectPtr<UAudioComponent> HeardAudio;
	TSharedPtr<FTalkFaceSubmixTap> SubmixTap;
	TWeakObjectPtr<USoundSubmix> HeardSubmix;
	TWeakObjectPtr<const UWorld> HeardWorld;
	/** Made when it is wanted: that looks for devices. */
	TUniquePtr<Audio::FAudioCapture> Microphone;
};
