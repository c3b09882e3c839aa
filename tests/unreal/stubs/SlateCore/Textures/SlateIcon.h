#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/FSlateIcon
struct FSlateIcon {
  FSlateIcon();
  FSlateIcon(const FName& Style, const FName& Name);
};
