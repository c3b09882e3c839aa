#pragma once

#include "CoreMinimal.h"
#include "TalkFaceCore/EmotionTracker.h"
#include "TalkFaceCore/PlayheadClock.h"
#include "TalkFaceCrowd.h"
#include "TalkFaceKnobs.h"
#include "TalkFaceSound.h"
#include "TalkFaceTypes.h"

/** What happened to a speaker between two ticks. */
struct FTalkFaceNews
{
	bool bStarted = false;
	bool bFinished = false;
	bool bInterrupted = false;
	bool bReady = false;
	bool bEmotionChanged = false;
	/** Emotions and phones that the stream could not take. */
	int32 Refused = 0;
};

/** Speech of one component on the game thread: audio that waits, where it is heard, and the pose of that moment. */
class FTalkFaceSpeaker : public FNoncopyable
{
public:
	FTalkFaceSpeaker(const TSharedRef<FTalkFaceCrowd>& InCrowd, const FTalkFaceVoiceSetup& InSetup);
	~FTalkFaceSpeaker();

	/** Settings that every voice gets. */
	void SetKnobs(const FTalkFaceKnobs& NewKnobs);
	void SetEmotion(const FTalkFaceEmotionMix& NewMix);
	void SetStride(int32 NewStride);

	/** The voice that hears a format, made anew when the present one does not. Null: no voice yet. */
	void UseFormat(int32 SampleRate, int32 Channels);
	const TSharedPtr<FTalkFaceVoice>& GetVoice() const { return Voice; }

	/** Where the next pushed audio will lie. */
	int64 GetPushPosition() const;

	/** Emotions and phones of the audio that is pushed next, whatever its format. */
	void PushEmotions(const TArray<FTalkFaceEmotionKey>& NewKeys);
	void PushPhones(const TArray<FTalkFacePhone>& NewPhones);
	/** They begin now, with audio that something else pushes into the voice. Push does it by itself. */
	void PlaceTimed();
	/** Forget those that have no audio yet. */
	void DropTimed();
	void Push(const FTalkFacePcm& Audio);
	void Finish();
	void Interrupt(float EaseSeconds);
	void WarmUp();

	/** The playhead: by a clock that starts at a position, or the newest frame. */
	TalkFaceCore::PlayheadClock& GetClock() { return Clock; }
	void FollowClock() { bNewest = false; }
	void FollowNewest() { bNewest = true; }

	/** Hand on what waits, and give the pose that is seen now. LatencySeconds: from the mixer to the ear. */
	FTalkFaceNews Tick(double Now, float DeltaTime, float LatencySeconds, talkface_pose& OutPose);

	bool IsSpeaking() const;
	bool IsReady() const { return bReady && !IsLost(); }
	/** There is no model, or no room in the crowd: lines are heard, and no face is made. */
	bool IsLost() const;
	ETalkFaceEmotion GetEmotion() const { return static_cast<ETalkFaceEmotion>(Tracker.Current()); }

private:
	int64 PositionOf(float Seconds) const;
	void ApplySettings(talkface_stream* Stream) const;
	void EndLost(double Now, FTalkFaceNews& News);
	void Drain(TalkFaceCore::StreamWorker& Worker);
	void NoteState(const TalkFaceCore::StreamWorker& Worker, float DeltaTime, FTalkFaceNews& News);
	void Fade(float DeltaTime, talkface_pose& Pose);

	const TSharedRef<FTalkFaceCrowd> Crowd;
	FTalkFaceVoiceSetup Setup;
	TSharedPtr<FTalkFaceVoice> Voice;
	FTalkFaceKnobs Knobs;
	FTalkFaceEmotionMix Mix;
	int32 Stride = 1;

	/** Of the voice's format, waiting for it or for room. */
	TArray<float> Backlog;
	int32 BacklogStart = 0;
	TArray<FTalkFaceEmotionKey> NextKeys;
	TArray<FTalkFacePhone> NextPhones;
	TArray<talkface_emotion_key> Keys;
	TArray<talkface_phone> Phones;
	bool bFinish = false;
	/** A voice was replaced in the middle of a line. */
	bool bCutOff = false;
	/** Frames that were dropped while IsLost. */
	int64 LostFrames = 0;
	bool bWarmUp = false;
	/** Seconds left in which a warm-up that was asked for may begin. */
	float WarmUpLeft = 0.0f;
	/** Settings went to the present voice. */
	bool bApplied = false;
	/** Told once: the first voice can speak, or none ever will. */
	bool bReady = false;

	TalkFaceCore::PlayheadClock Clock;
	bool bNewest = false;
	TalkFaceCore::WorkerState LastState = TalkFaceCore::WorkerState::Idle;
	uint64 LastStarted = 0;
	uint64 LastInterrupted = 0;
	uint64 LastFinished = 0;
	uint64 LastRefused = 0;
	TalkFaceCore::EmotionTracker Tracker;

	/** From the last pose of a voice that was replaced to the first ones of the new one. */
	TalkFaceCore::Face Old;
	float FadeLeft = 0.0f;
	TalkFaceCore::Face Shown;
};
