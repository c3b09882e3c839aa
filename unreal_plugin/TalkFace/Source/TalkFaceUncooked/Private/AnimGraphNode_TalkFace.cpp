#include "AnimGraphNode_TalkFace.h"

#include "Kismet2/CompilerResultsLog.h"

#define LOCTEXT_NAMESPACE "AnimGraphNode_TalkFace"

FText UAnimGraphNode_TalkFace::GetNodeTitle(ENodeTitleType::Type) const
{
	return LOCTEXT("Title", "TalkFace");
}

FText UAnimGraphNode_TalkFace::GetTooltipText() const
{
	return LOCTEXT("Tooltip", "Face of the owner's TalkFace component as curves. Place it before the mapping pose.");
}

FLinearColor UAnimGraphNode_TalkFace::GetNodeTitleColor() const
{
	return FLinearColor(0.95f, 0.55f, 0.15f);
}

FString UAnimGraphNode_TalkFace::GetNodeCategory() const
{
	return TEXT("TalkFace");
}

void UAnimGraphNode_TalkFace::ValidateAnimNodeDuringCompilation(USkeleton* Skeleton, FCompilerResultsLog& Log)
{
	Super::ValidateAnimNodeDuringCompilation(Skeleton, Log);
	if (Node.Regions == static_cast<int32>(ETalkFaceRegion::None))
	{
		Log.Warning(TEXT("@@ has no regions and does nothing; choose some"), this);
	}
}

#undef LOCTEXT_NAMESPACE
