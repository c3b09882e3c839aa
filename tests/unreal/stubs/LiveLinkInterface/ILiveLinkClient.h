#pragma once

#include "Features/IModularFeatures.h"
#include "ILiveLinkSource.h"
#include "LiveLinkRole.h"
#include "Templates/SubclassOf.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/ILiveLinkClient
class ILiveLinkClient : public IModularFeature {
 public:
  static const FName ModularFeatureName;
  virtual FGuid AddSource(TSharedPtr<ILiveLinkSource> Source) = 0;
  virtual void RemoveSource(TSharedPtr<ILiveLinkSource> Source) = 0;
  virtual bool HasSourceBeenAdded(TSharedPtr<ILiveLinkSource> Source) const = 0;
  virtual void PushSubjectStaticData_AnyThread(const FLiveLinkSubjectKey& Key,
                                               TSubclassOf<ULiveLinkRole> Role,
                                               FLiveLinkStaticDataStruct&& StaticData) = 0;
  virtual void PushSubjectFrameData_AnyThread(const FLiveLinkSubjectKey& Key,
                                              FLiveLinkFrameDataStruct&& FrameData) = 0;
  virtual void RemoveSubject_AnyThread(const FLiveLinkSubjectKey& Key) = 0;
};
