#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/FSlateRect
struct FSlateRect {};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/FPaintGeometry
struct FPaintGeometry {};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/FGeometry
struct FGeometry {
  FVector2D GetLocalSize() const;
  FPaintGeometry ToPaintGeometry() const;
};
