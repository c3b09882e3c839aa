#pragma once

#include "CoreMinimal.h"
#include "Kismet/BlueprintAsyncActionBase.h"
#include "TalkFaceComponent.h"
#include "TalkFaceAsync.generated.h"

/** Node "TalkFace Speak": says a sound and goes on when it was heard. */
UCLASS()
class TALKFACERUNTIME_API UTalkFaceSpeakAction : public UBlueprintAsyncActionBase
{
	GENERATED_BODY()

public:
	UPROPERTY(BlueprintAssignable)
	FOnTalkFaceSpeechStarted Started;

	/** The line was heard, or interrupted. */
	UPROPERTY(BlueprintAssignable)
	FOnTalkFaceFinished Finished;

	UFUNCTION(BlueprintCallable, Category = "TalkFace",
		meta = (BlueprintInternalUseOnly = "true", DisplayName = "TalkFace Speak", AutoCreateRefTerm = "Emotions"))
	static UTalkFaceSpeakAction* TalkFaceSpeak(UTalkFaceComponent* Component, USoundBase* Sound,
		const TArray<FTalkFaceEmotionKey>& Emotions, float StartSeconds = 0.0f);

	virtual void Activate() override;

private:
	UFUNCTION()
	void HandleStarted();

	UFUNCTION()
	void HandleFinished(bool bInterrupted);

	UPROPERTY()
	TObjectPtr<UTalkFaceComponent> Talking;

	UPROPERTY()
	TObjectPtr<USoundBase> Said;

	TArray<FTalkFaceEmotionKey> SaidEmotions;
	float SaidFrom = 0.0f;
	/** Of the component's lines. */
	int32 Line = 0;
	bool bStarted = false;
};

/** Node "TalkFace Warm Up": goes on with the component's OnReady, and at once on a dedicated server. */
UCLASS()
class TALKFACERUNTIME_API UTalkFaceWarmUpAction : public UBlueprintAsyncActionBase
{
	GENERATED_BODY()

public:
	UPROPERTY(BlueprintAssignable)
	FOnTalkFaceReady Ready;

	UFUNCTION(BlueprintCallable, Category = "TalkFace",
		meta = (BlueprintInternalUseOnly = "true", DisplayName = "TalkFace Warm Up"))
	static UTalkFaceWarmUpAction* TalkFaceWarmUp(UTalkFaceComponent* Component);

	virtual void Activate() override;

private:
	UFUNCTION()
	void HandleReady();

	UPROPERTY()
	TObjectPtr<UTalkFaceComponent> Talking;
};
