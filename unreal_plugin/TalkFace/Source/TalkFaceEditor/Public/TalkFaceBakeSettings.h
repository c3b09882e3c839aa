#pragma once

#include "CoreMinimal.h"
#include "AnimNode_TalkFace.h"
#include "Engine/DeveloperSettings.h"
#include "TalkFaceKnobs.h"
#include "TalkFaceTypes.h"
#include "UObject/SoftObjectPtr.h"
#include "TalkFaceBakeSettings.generated.h"

class USkeleton;
class UTalkFaceBundle;

/** Editor Preferences, Plugins, TalkFace Bake: how "Bake TalkFace animation" of a SoundWave works. */
UCLASS(Config = EditorPerProjectUserSettings, meta = (DisplayName = "TalkFace Bake"))
class TALKFACEEDITOR_API UTalkFaceBakeSettings : public UDeveloperSettings
{
	GENERATED_BODY()

public:
	/** Of the new animations; a MetaHuman's face has Face_Archetype_Skeleton. */
	UPROPERTY(Config, EditAnywhere, Category = "TalkFace")
	TSoftObjectPtr<USkeleton> Skeleton;

	/** Empty: the project's default bundle. */
	UPROPERTY(Config, EditAnywhere, Category = "TalkFace")
	TSoftObjectPtr<UTalkFaceBundle> Bundle;

	UPROPERTY(Config, EditAnywhere, Category = "TalkFace")
	ETalkFaceCurves Curves = ETalkFaceCurves::Arkit;

	/** Of ARKit curves: how the stock face blueprint's MouthClose additive is met. */
	UPROPERTY(Config, EditAnywhere, Category = "TalkFace")
	ETalkFaceMouthClose MouthClose = ETalkFaceMouthClose::IntoJaw;

	UPROPERTY(Config, EditAnywhere, Category = "TalkFace", meta = (ClampMin = "1", ClampMax = "240"))
	int32 FrameRate = 30;

	/** Largest difference that leaving out keys may make; 0 keeps a key for every frame. */
	UPROPERTY(Config, EditAnywhere, Category = "TalkFace", meta = (ClampMin = "0", ClampMax = "0.1"))
	float Tolerance = 0.002f;

	UPROPERTY(Config, EditAnywhere, Category = "TalkFace")
	FTalkFaceKnobs Knobs;

	UPROPERTY(Config, EditAnywhere, Category = "TalkFace")
	FTalkFaceEmotionMix Emotion;

	virtual FName GetCategoryName() const override { return TEXT("Plugins"); }
};
