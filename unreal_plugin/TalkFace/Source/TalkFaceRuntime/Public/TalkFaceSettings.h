#pragma once

#include "CoreMinimal.h"
#include "Engine/DeveloperSettings.h"
#include "UObject/SoftObjectPtr.h"
#include "TalkFaceSettings.generated.h"

class UTalkFaceBundle;

/** Project Settings, Plugins, TalkFace. */
UCLASS(Config = Game, DefaultConfig, meta = (DisplayName = "TalkFace"))
class TALKFACERUNTIME_API UTalkFaceSettings : public UDeveloperSettings
{
	GENERATED_BODY()

public:
	/** Used by components without one; empty: the bundle that comes with the plugin. */
	UPROPERTY(Config, EditAnywhere, Category = "TalkFace")
	TSoftObjectPtr<UTalkFaceBundle> DefaultBundle;

	/** Characters that may talk at one time with one bundle. */
	UPROPERTY(Config, EditAnywhere, Category = "TalkFace", meta = (ClampMin = "1", ClampMax = "65536"))
	int32 MaxCharacters = 64;

	/** Threads that share the work of a crowd. */
	UPROPERTY(Config, EditAnywhere, Category = "TalkFace", meta = (ClampMin = "1", ClampMax = "64"))
	int32 CrowdThreads = 1;

	/** Seconds of pushed audio that a character can hold before the worker takes it. */
	UPROPERTY(Config, EditAnywhere, Category = "TalkFace", meta = (ClampMin = "1", ClampMax = "600"))
	float QueueSeconds = 10.0f;

	virtual FName GetCategoryName() const override { return TEXT("Plugins"); }
};
