#pragma once

#include "Rendering/DrawElements.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/FPaintArgs
class FPaintArgs {};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/FWidgetStyle
class FWidgetStyle {};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/EActiveTimerReturnType
enum class EActiveTimerReturnType : uint8 { Stop, Continue };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/FWidgetActiveTimerDelegate
using FWidgetActiveTimerDelegate = TBaseDelegate<EActiveTimerReturnType, double, float>;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/EInvalidateWidgetReason
enum class EInvalidateWidgetReason : uint8 { None = 0, Layout = 1, Paint = 2 };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/SWidget
class SWidget : public TSharedFromThis<SWidget> {
 public:
  virtual ~SWidget();
  virtual int32 OnPaint(const FPaintArgs& Args, const FGeometry& Geometry, const FSlateRect& Cull,
                        FSlateWindowElementList& Elements, int32 Layer, const FWidgetStyle& Style,
                        bool bParentEnabled) const = 0;
  virtual FVector2D ComputeDesiredSize(float Scale) const = 0;

  void Invalidate(EInvalidateWidgetReason Reason);

 protected:
  void RegisterActiveTimer(float Period, FWidgetActiveTimerDelegate Function);
};
