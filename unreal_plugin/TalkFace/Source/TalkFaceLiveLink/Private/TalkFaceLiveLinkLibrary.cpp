#include "TalkFaceLiveLinkLibrary.h"

#include "Features/IModularFeatures.h"
#include "ILiveLinkClient.h"
#include "TalkFaceLiveLinkSource.h"

namespace
{
TSharedPtr<FTalkFaceLiveLinkSource>& Added()
{
	static TSharedPtr<FTalkFaceLiveLinkSource> Source;
	return Source;
}
}

bool UTalkFaceLiveLinkLibrary::AddTalkFaceLiveLinkSource()
{
	TSharedPtr<FTalkFaceLiveLinkSource>& Source = Added();
	if (!Source.IsValid() || !Source->IsSourceStillValid())
	{
		Source = FTalkFaceLiveLinkSource::Create();
	}
	return Source.IsValid();
}

void UTalkFaceLiveLinkLibrary::RemoveTalkFaceLiveLinkSource()
{
	TSharedPtr<FTalkFaceLiveLinkSource>& Source = Added();
	IModularFeatures& Features = IModularFeatures::Get();
	if (Source.IsValid() && Features.IsModularFeatureAvailable(ILiveLinkClient::ModularFeatureName))
	{
		Features.GetModularFeature<ILiveLinkClient>(ILiveLinkClient::ModularFeatureName).RemoveSource(Source);
		TalkFace::RemovePoseSink(Source.ToSharedRef());
	}
	Source.Reset();
}
