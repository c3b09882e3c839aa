#pragma once

#include "ILiveLinkSource.h"
#include "UObject/UObjectGlobals.h"

class SWidget;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/ULiveLinkSourceFactory
class ULiveLinkSourceFactory : public UObject {
 public:
  static UClass* StaticClass();
  enum class EMenuType { SubPanel, MenuEntry, Disabled };
  using FOnLiveLinkSourceCreated = TBaseDelegate<void, TSharedPtr<ILiveLinkSource>, FString>;
  virtual FText GetSourceDisplayName() const = 0;
  virtual FText GetSourceTooltip() const = 0;
  virtual EMenuType GetMenuType() const;
  virtual TSharedPtr<SWidget> BuildCreationPanel(FOnLiveLinkSourceCreated OnCreated) const;
  virtual TSharedPtr<ILiveLinkSource> CreateSource(const FString& ConnectionString) const = 0;
};
