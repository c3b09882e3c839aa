#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/TBaseBlendedCurve
struct FBlendedCurve {
  void Set(FName Name, float Value);
  float Get(FName Name) const;
  float Get(FName Name, bool& bOutIsValid, float Default = 0.0f) const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/ERawCurveTrackTypes
enum class ERawCurveTrackTypes : uint8 { RCT_Float, RCT_Vector, RCT_Transform };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/EAnimAssetCurveFlags
enum EAnimAssetCurveFlags { AACF_None = 0, AACF_DefaultCurve = 4 };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FAnimationCurveIdentifier
struct FAnimationCurveIdentifier {
  FAnimationCurveIdentifier(const FName& Name, ERawCurveTrackTypes Type);
};
