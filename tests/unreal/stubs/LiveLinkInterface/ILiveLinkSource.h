#pragma once

#include "LiveLinkTypes.h"

class ILiveLinkClient;
class ULiveLinkSourceSettings;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/ILiveLinkSource
class ILiveLinkSource {
 public:
  virtual ~ILiveLinkSource();
  virtual bool CanBeDisplayedInUI() const;
  virtual void ReceiveClient(ILiveLinkClient* Client, FGuid Source) = 0;
  virtual void InitializeSettings(ULiveLinkSourceSettings* Settings);
  virtual void Update();
  virtual bool IsSourceStillValid() const = 0;
  virtual bool RequestSourceShutdown() = 0;
  virtual FText GetSourceType() const = 0;
  virtual FText GetSourceMachineName() const = 0;
  virtual FText GetSourceStatus() const = 0;
};
