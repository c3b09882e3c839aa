#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/ERichCurveInterpMode
enum ERichCurveInterpMode { RCIM_Linear, RCIM_Constant, RCIM_Cubic, RCIM_None };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FRichCurveKey
struct FRichCurveKey {
  FRichCurveKey();
  FRichCurveKey(float Time, float Value);
  ERichCurveInterpMode InterpMode;
  float Time;
  float Value;
};
