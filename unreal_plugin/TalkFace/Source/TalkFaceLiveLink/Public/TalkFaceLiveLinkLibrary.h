#pragma once

#include "CoreMinimal.h"
#include "Kismet/BlueprintFunctionLibrary.h"
#include "TalkFaceLiveLinkLibrary.generated.h"

/** Live Link from Blueprints and packaged games, where there is no Live Link panel. */
UCLASS()
class TALKFACELIVELINK_API UTalkFaceLiveLinkLibrary : public UBlueprintFunctionLibrary
{
	GENERATED_BODY()

public:
	/** Add the TalkFace source, once. False when Live Link is not there, and on a dedicated server. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace|Live Link")
	static bool AddTalkFaceLiveLinkSource();

	/** Take that source away again. */
	UFUNCTION(BlueprintCallable, Category = "TalkFace|Live Link")
	static void RemoveTalkFaceLiveLinkSource();
};
