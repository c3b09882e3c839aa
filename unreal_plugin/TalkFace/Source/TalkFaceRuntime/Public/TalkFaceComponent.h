#pragma once

#include "CoreMinimal.h"
#include "Components/ActorComponent.h"
#include "TalkFaceCore/PoseMap.h"
#include "TalkFaceKnobs.h"
#include "TalkFaceSound.h"
#include "TalkFaceTypes.h"
#include "TalkFaceComponent.generated.h"

class FTalkFaceEar;
class FTalkFaceSpeaker;
class UAudioComponent;
class USkeletalMeshComponent;
class USoundBase;
class USoundSubmix;
class USoundWave;
class USoundWaveProcedural;
class UTalkFaceBundle;
struct FTalkFaceNews;

namespace Audio
{
class FSoundWavePCMLoader;
}

DECLARE_DYNAMIC_MULTICAST_DELEGATE(FOnTalkFaceReady);
DECLARE_DYNAMIC_MULTICAST_DELEGATE(FOnTalkFaceSpeechStarted);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(FOnTalkFaceEmotionChanged, ETalkFaceEmotion, Emotion);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(FOnTalkFaceFinished, bool, bInterrupted);

/**
 * A character that talks. Give it a sound, PCM of a text-to-speech engine, a submix or a microphone; read the face by
 * the animation node TalkFace, by Live Link, or let it drive morph targets. All functions are for the game thread, and
 * none of them waits for the model. On a dedicated server they do nothing, and nothing is told.
 */
UCLASS(ClassGroup = (TalkFace), meta = (BlueprintSpawnableComponent))
class TALKFACERUNTIME_API UTalkFaceComponent : public UActorComponent
{
	GENERATED_BODY()

public:
	UTalkFaceComponent();

	/** The model; none: the project's default. Taken when play begins. */
	UPROPERTY(EditAnywhere, BlueprintReadOnly, Category = "TalkFace")
	TObjectPtr<UTalkFaceBundle> Bundle;

	UPROPERTY(EditAnywhere, BlueprintReadOnly, Category = "TalkFace")
	FTalkFaceKnobs Knobs;

	/** JSON of a style file (whose face, gains, rests); empty: the bundle's own. Taken when play begins. */
	UPROPERTY(EditAnywhere, BlueprintReadOnly, Category = "TalkFace", meta = (MultiLine = true))
	FString Style;

	/** The emotion that is directed; Weight 0 leaves it to what is heard. */
	UPROPERTY(EditAnywhere, BlueprintReadOnly, Category = "TalkFace|Emotion")
	FTalkFaceEmotionMix Emotion;

	/** Idle life (blinks, gaze, head) differs between seeds. */
	UPROPERTY(EditAnywhere, BlueprintReadOnly, Category = "TalkFace")
	int32 Seed = 0;

	/** 1: every frame of the model; 2 or 4 for characters in the distance. */
	UPROPERTY(EditAnywhere, BlueprintReadOnly, Category = "TalkFace", meta = (ClampMin = "1", ClampMax = "4"))
	int32 Stride = 1;

	/** Seconds from an interrupt to the neutral face. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0", ClampMax = "10"))
	float EaseSeconds = 0.15f;

	/** Seconds from the mixer to the loudspeaker; raise it where the mouth runs ahead of the sound. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", meta = (ClampMin = "0", ClampMax = "1"))
	float OutputLatencySeconds = 0.0f;

	/** Have the slow first run of the model before the first line. */
	UPROPERTY(EditAnywhere, BlueprintReadOnly, Category = "TalkFace")
	bool bWarmUpOnBeginPlay = true;

	/** Blinks, gaze and breath go on between lines. Taken when play begins. */
	UPROPERTY(EditAnywhere, BlueprintReadOnly, Category = "TalkFace")
	bool bIdleLife = true;

	/** PushAudio also plays what it gets. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace")
	bool bPlayPushedAudio = true;

	/** Drive morph targets of the mesh by name; for characters without an animation blueprint of ours. */
	UPROPERTY(EditAnywhere, BlueprintReadOnly, Category = "TalkFace|Output")
	bool bDriveMorphTargets = false;

	/** Publish the face to sinks, as Live Link subjects where a TalkFace source was added. */
	UPROPERTY(EditAnywhere, BlueprintReadOnly, Category = "TalkFace|Output")
	bool bPublish = false;

	/** Name of the subjects; none: the owner's name. */
	UPROPERTY(EditAnywhere, BlueprintReadOnly, Category = "TalkFace|Output")
	FName SubjectName;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace|Layers",
		meta = (Bitmask, BitmaskEnum = "/Script/TalkFaceRuntime.ETalkFaceRegion"))
	int32 SpeechRegions = static_cast<int32>(ETalkFaceRegion::All);

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace|Layers")
	int32 SpeechPriority = 0;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace|Layers")
	ETalkFaceLayerMode SpeechMode = ETalkFaceLayerMode::Override;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace|Layers", meta = (ClampMin = "0", ClampMax = "1"))
	float SpeechWeight = 1.0f;

	/** Authored animation under or over speech. Change it by SetLayers. */
	UPROPERTY(EditAnywhere, BlueprintReadOnly, Category = "TalkFace|Layers")
	TArray<FTalkFaceLayer> Layers;

	/** The model is there, and warm if that was asked for; or the log has told why there will be no face. */
	UPROPERTY(BlueprintAssignable, Category = "TalkFace")
	FOnTalkFaceReady OnReady;

	UPROPERTY(BlueprintAssignable, Category = "TalkFace")
	FOnTalkFaceSpeechStarted OnSpeechStarted;

	UPROPERTY(BlueprintAssignable, Category = "TalkFace")
	FOnTalkFaceEmotionChanged OnEmotionChanged;

	/** The line was heard to its end, would have been if the engine had played it, or an interrupt has eased out. */
	UPROPERTY(BlueprintAssignable, Category = "TalkFace")
	FOnTalkFaceFinished OnFinished;

	/**
	 * Say a sound, from StartSeconds on; an older line is interrupted. A SoundWave that is no procedural or looping one
	 * is decoded in advance, whatever its import settings, and the mouth is in time. All others are heard while they
	 * play, and the mouth follows by the bundle's latency. Emotions are those of the line.
	 */
	UFUNCTION(BlueprintCallable, Category = "TalkFace", meta = (AutoCreateRefTerm = "Emotions"))
	void Speak(USoundBase* Sound, const TArray<FTalkFaceEmotionKey>& Emotions, float StartSeconds = 0.0f);

	/** Audio of a text-to-speech engine, in pieces of any length: interleaved, -1 to 1. False when it cannot be taken.
	 */
	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	bool PushAudio(const TArray<float>& Samples, int32 SampleRate = 24000, int32 Channels = 1);

	/** The same from 16-bit little-endian bytes. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	bool PushAudio16(const TArray<uint8>& Bytes, int32 SampleRate = 24000, int32 Channels = 1);

	/** Emotions of the audio that is pushed next. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	void PushEmotions(const TArray<FTalkFaceEmotionKey>& Emotions);

	/** Phones of the audio that is pushed next, from a text-to-speech engine: the mouth follows them. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	void PushPhones(const TArray<FTalkFacePhone>& Phones);

	/** No more audio of this line. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	void FinishSpeech();

	/** Stop now: sound and what waits are dropped, the face eases to neutral over EaseSeconds. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	void Interrupt();

	/** Follow an audio component that something else plays, from its next Play on. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	void ListenToAudio(UAudioComponent* Audio);

	/** Follow a submix; none: the main one. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	void ListenToSubmix(USoundSubmix* Submix);

	/** Follow the default microphone. False when there is none. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	bool ListenToMicrophone();

	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	void StopListening();

	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	void SetPaused(bool bPaused);

	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	void SetPitch(float Pitch);

	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	void SetKnobs(const FTalkFaceKnobs& NewKnobs);

	/** One knob by its name in the library ("lower_strength"). False for a name that is none. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	bool SetKnob(FName Name, float Value);

	UFUNCTION(BlueprintCallable, Category = "TalkFace|Emotion")
	void SetEmotion(const FTalkFaceEmotionMix& NewEmotion);

	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	void SetStride(int32 NewStride);

	UFUNCTION(BlueprintCallable, Category = "TalkFace|Layers")
	void SetLayers(const TArray<FTalkFaceLayer>& NewLayers);

	UFUNCTION(BlueprintCallable, Category = "TalkFace")
	void WarmUp();

	/** What lines are played by: a component with your attenuation and sound class. Without a call one is made. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace|Output")
	void SetAudio(UAudioComponent* NewAudio);

	/** Mesh whose morph targets are driven; without a call the owner's first one. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace|Output")
	void SetMesh(USkeletalMeshComponent* NewMesh);

	UFUNCTION(BlueprintPure, Category = "TalkFace")
	bool IsSpeaking() const;

	/** After OnReady, with a model. */
	UFUNCTION(BlueprintPure, Category = "TalkFace")
	bool IsReady() const;

	/** Weight of a channel in any usual spelling; 0 for a name of none. */
	UFUNCTION(BlueprintPure, Category = "TalkFace")
	float GetWeight(FName Channel) const;

	/** In the component space of an actor: X forward, Y right, Z up. */
	UFUNCTION(BlueprintPure, Category = "TalkFace")
	FRotator GetHeadRotation() const;

	UFUNCTION(BlueprintPure, Category = "TalkFace")
	ETalkFaceEmotion GetEmotion() const;

	/** Number of the newest line; Speak, Interrupt and the first PushAudio of a line count on. */
	int32 GetLine() const { return Line; }

	/** The face of this frame, with layers. */
	const talkface_pose& GetPose() const { return Pose; }

	/** Show a pose instead of speech until the next call with a weight of 0: a Sequencer section, a clip. */
	void ShowPose(const talkface_pose& NewPose, float Weight);

	virtual void OnRegister() override;
	virtual void BeginPlay() override;
	virtual void EndPlay(const EEndPlayReason::Type Reason) override;
	virtual void TickComponent(float DeltaTime, ELevelTick Type, FActorComponentTickFunction* Function) override;
#if WITH_EDITOR
	virtual void PostEditChangeProperty(FPropertyChangedEvent& Event) override;
#endif

private:
	/** False before play begins, which is logged, and on a dedicated server. */
	bool CanSpeak() const;
	void UpdateLoader();
	void Tell(const FTalkFaceNews& News);
	bool PushPcm(const FTalkFacePcm& Audio);
	void Decode(USoundWave& Wave);
	void SayDecoded(USoundWave* Wave, const FTalkFacePcm& Audio);
	void SayHeard(USoundBase* Sound);
	void PushLineEmotions();
	UAudioComponent* GetAudio();
	void QueuePushed(const FTalkFacePcm& Audio);
	void StopSound();
	void StopSilence(float DeltaTime);
	void StartClock(int32 SampleRate, float Seconds);
	void HoldClock();
	bool TakeAwaited();
	bool IsUnheardOver(float DeltaTime);
	void OnPlayback(const UAudioComponent* Audio, const USoundWave* Wave, const float Percent);
	void BuildLayers();
	void Mix(const talkface_pose& Speech);
	void BuildMorphs();
	void DriveMorphs();
	FName GetSubject() const;

	UPROPERTY(Transient)
	TObjectPtr<UAudioComponent> Player;

	UPROPERTY(Transient)
	TObjectPtr<USoundWaveProcedural> Pushed;

	UPROPERTY(Transient)
	TObjectPtr<USkeletalMeshComponent> Mesh;

	int32 PushedRate = 0;
	/** Since the last line that was pushed. */
	float SilentSeconds = 0.0f;

	TSharedPtr<FTalkFaceSpeaker> Speaker;
	TSharedPtr<FTalkFaceEar> Ear;
	TSharedPtr<Audio::FSoundWavePCMLoader> Loader;
	/** Of the line that is being decoded. */
	TArray<FTalkFaceEmotionKey> LineEmotions;
	float LineStart = 0.0f;
	/** Seconds that its sound takes; 0 for one without an end. */
	float LineSeconds = 0.0f;
	/** Its sound has given nothing yet, for so many of its own seconds. */
	bool bUnheard = false;
	float UnheardSeconds = 0.0f;
	/** The line comes from PushAudio. */
	bool bPushedLine = false;
	/** Lines so far: a decoded one that is no longer wanted is dropped. */
	int32 Line = 0;
	/** The newest line was asked for and has not started. */
	bool bAwaited = false;
	/** By SetPaused, and by the game's own pause. */
	bool bLinePaused = false;
	bool bWorldPaused = false;

	/** Of Layers, and speech as the last one. */
	TArray<TalkFaceCore::Layer> CoreLayers;
	TalkFaceCore::PoseMap Morphs;
	TArray<FName> MorphNames;
	bool bMorphsBuilt = false;

	talkface_pose Pose = talkface_pose_init();
	talkface_pose Clip = talkface_pose_init();
	float ClipWeight = 0.0f;
};
