#include "TalkFaceLiveLinkLibrary.h"

#include "Features/IModularFeatures.h"
#include "ILiveLinkClient.h"
#include "TalkFaceLiveLinkSource.h"

namespace
{
/** The client owns it, and may have let it go. */
TWeakPtr<FTalkFaceLiveLinkSource>& Added()
{
	static TWeakPtr<FTalkFaceLiveLinkSource> Source;
	return Source;
}
}

bool UTalkFaceLiveLinkLibrary::AddTalkFaceLiveLinkSource()
{
	TSharedPtr<FTalkFaceLiveLinkSource> Source = Added().Pin();
	if (!Source.IsValid() || !Source->IsSourceStillValid())
	{
		Source = FTalkFaceLiveLinkSource::Create();
		Added() = Source;
	}
	return Source.IsValid();
}

void UTalkFaceLiveLinkLibrary::RemoveTalkFaceLiveLinkSource()
{
	const TSharedPtr<FTalkFaceLiveLinkSource> Source = Added().Pin();
	IModularFeatures& Features = IModularFeatures::Get();
	if (Source.IsValid() && Features.IsModularFeatureAvailable(ILiveLinkClient::ModularFeatureName))
	{
		Features.GetModularFeature<ILiveLinkClient>(ILiveLinkClient::ModularFeatureName).RemoveSource(Source);
		TalkFace::RemovePoseSink(Source.ToSharedRef());
	}
	Added().Reset();
}
