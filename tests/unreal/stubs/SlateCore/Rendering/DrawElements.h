#pragma once

#include "Layout/Geometry.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/ESlateDrawEffect
enum class ESlateDrawEffect : uint8 { None = 0 };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/FSlateWindowElementList
class FSlateWindowElementList {};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/FSlateDrawElement
class FSlateDrawElement {
 public:
  static void MakeLines(FSlateWindowElementList& Elements, uint32 Layer,
                        const FPaintGeometry& Geometry, TArray<FVector2f> Points,
                        ESlateDrawEffect Effects = ESlateDrawEffect::None,
                        const FLinearColor& Tint = FLinearColor::White, bool bAntialias = true,
                        float Thickness = 1.0f);
};
