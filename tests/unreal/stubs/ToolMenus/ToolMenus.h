#pragma once

#include "Framework/MultiBox/MultiBoxBuilder.h"
#include "Misc/Optional.h"
#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Developer/ToolMenus/FToolMenuContext
struct FToolMenuContext {
  template <typename T>
  T* FindContext() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Developer/ToolMenus/FToolUIActionChoice
struct FToolUIActionChoice {
  FToolUIActionChoice(const FUIAction& Action);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Developer/ToolMenus/FToolMenuSection
struct FToolMenuSection {
  FToolMenuContext Context;
  void AddMenuEntry(const FName Name, const FText& Label, const FText& ToolTip,
                    const FSlateIcon& Icon, const FToolUIActionChoice& Action);
  void AddDynamicEntry(const FName Name, const TBaseDelegate<void, FToolMenuSection&>& Construct);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Developer/ToolMenus/FNewToolMenuSectionDelegate
using FNewToolMenuSectionDelegate = TBaseDelegate<void, FToolMenuSection&>;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Developer/ToolMenus/UToolMenu
class UToolMenu : public UObject {
 public:
  FToolMenuSection& FindOrAddSection(const FName Name);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Developer/ToolMenus/FToolMenuOwnerScoped
class FToolMenuOwnerScoped {
 public:
  explicit FToolMenuOwnerScoped(void* Owner);
  ~FToolMenuOwnerScoped();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Developer/ToolMenus/UToolMenus
class UToolMenus : public UObject {
 public:
  static UToolMenus* Get();
  static FDelegateHandle RegisterStartupCallback(const FSimpleMulticastDelegate::FDelegate& Call);
  static void UnRegisterStartupCallback(const void* Owner);
  static void UnregisterOwner(void* Owner);
  UToolMenu* ExtendMenu(const FName Name);
};
