#pragma once

#include "CoreMinimal.h"
#include "Textures/SlateIcon.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Slate/FUIAction
struct FUIAction {
  FUIAction();
  FUIAction(FSimpleDelegate Execute);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Slate/FExecuteAction
using FExecuteAction = FSimpleDelegate;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Slate/FMenuBuilder
class FMenuBuilder {
 public:
  void AddMenuEntry(const FText& Label, const FText& ToolTip, const FSlateIcon& Icon,
                    const FUIAction& Action, FName Hook = NAME_None);
};
