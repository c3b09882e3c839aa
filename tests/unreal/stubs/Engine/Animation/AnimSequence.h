#pragma once

#include "Animation/AnimCurveTypes.h"
#include "UObject/UObjectGlobals.h"

class IAnimationDataController;
class USkeleton;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UAnimationAsset
class UAnimationAsset : public UObject {
 public:
  static UClass* StaticClass();
  void SetSkeleton(USkeleton* Skeleton);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UAnimSequenceBase
class UAnimSequenceBase : public UAnimationAsset {
 public:
  static UClass* StaticClass();
#if WITH_EDITOR
  IAnimationDataController& GetController();
#endif
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UAnimSequence
class UAnimSequence : public UAnimSequenceBase {
 public:
  static UClass* StaticClass();
};
