#include "TalkFaceLiveLinkSourceFactory.h"

#include "Misc/CoreMisc.h"
#include "TalkFaceLiveLinkSource.h"

#define LOCTEXT_NAMESPACE "TalkFaceLiveLink"

FText UTalkFaceLiveLinkSourceFactory::GetSourceDisplayName() const
{
	return LOCTEXT("DisplayName", "TalkFace");
}

FText UTalkFaceLiveLinkSourceFactory::GetSourceTooltip() const
{
	return LOCTEXT("Tooltip", "Faces of the TalkFace components that publish: ARKit and MetaHuman subjects.");
}

TSharedPtr<ILiveLinkSource> UTalkFaceLiveLinkSourceFactory::CreateSource(const FString&) const
{
	if (IsRunningDedicatedServer())
	{
		return nullptr;
	}
	// The client adds it; poses come from the next tick on.
	const TSharedRef<FTalkFaceLiveLinkSource> Source = MakeShared<FTalkFaceLiveLinkSource>();
	TalkFace::AddPoseSink(Source);
	return Source;
}

#undef LOCTEXT_NAMESPACE
