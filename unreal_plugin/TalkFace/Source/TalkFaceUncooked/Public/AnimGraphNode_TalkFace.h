#pragma once

#include "CoreMinimal.h"
#include "AnimGraphNode_Base.h"
#include "AnimNode_TalkFace.h"
#include "AnimGraphNode_TalkFace.generated.h"

/** The node in animation blueprints. */
UCLASS()
class TALKFACEUNCOOKED_API UAnimGraphNode_TalkFace : public UAnimGraphNode_Base
{
	GENERATED_BODY()

public:
	UPROPERTY(EditAnywhere, Category = "Settings")
	FAnimNode_TalkFace Node;

	virtual FText GetNodeTitle(ENodeTitleType::Type Type) const override;
	virtual FText GetTooltipText() const override;
	virtual FLinearColor GetNodeTitleColor() const override;
	virtual FString GetNodeCategory() const override;
	virtual void ValidateAnimNodeDuringCompilation(USkeleton* Skeleton, FCompilerResultsLog& Log) override;
};
