#pragma once

#include "CoreMinimal.h"
#include "LiveLinkSourceFactory.h"
#include "TalkFaceLiveLinkSourceFactory.generated.h"

/** "TalkFace" in the source menu of the Live Link panel, and in presets. */
UCLASS()
class TALKFACELIVELINK_API UTalkFaceLiveLinkSourceFactory : public ULiveLinkSourceFactory
{
	GENERATED_BODY()

public:
	virtual FText GetSourceDisplayName() const override;
	virtual FText GetSourceTooltip() const override;
	virtual EMenuType GetMenuType() const override { return EMenuType::MenuEntry; }
	virtual TSharedPtr<ILiveLinkSource> CreateSource(const FString& ConnectionString) const override;
};
