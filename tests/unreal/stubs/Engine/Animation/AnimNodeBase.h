#pragma once

#include "Animation/AnimCurveTypes.h"
#include "BonePose.h"
#include "UObject/ObjectMacros.h"

class UAnimInstance;
struct FAnimInstanceProxy;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FAnimationBaseContext
struct FAnimationBaseContext {
  FAnimInstanceProxy* AnimInstanceProxy;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FAnimationInitializeContext
struct FAnimationInitializeContext : FAnimationBaseContext {};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FAnimationCacheBonesContext
struct FAnimationCacheBonesContext : FAnimationBaseContext {};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FAnimationUpdateContext
struct FAnimationUpdateContext : FAnimationBaseContext {
  float GetDeltaTime() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FPoseContext
struct FPoseContext : FAnimationBaseContext {
  FCompactPose Pose;
  FBlendedCurve Curve;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FNodeDebugData
struct FNodeDebugData {
  void AddDebugItem(FString Text, bool bPoseSource = false);
  FString GetNodeName(struct FAnimNode_Base* Node);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FPoseLink
struct FPoseLink {
  void Initialize(const FAnimationInitializeContext& Context);
  void CacheBones(const FAnimationCacheBonesContext& Context);
  void Update(const FAnimationUpdateContext& Context);
  void Evaluate(FPoseContext& Output);
  void GatherDebugData(FNodeDebugData& Data);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FExposedValueHandler
struct FExposedValueHandler {
  void Execute(const FAnimationBaseContext& Context) const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FAnimNode_Base
struct FAnimNode_Base {
  virtual ~FAnimNode_Base();
  virtual void Initialize_AnyThread(const FAnimationInitializeContext& Context);
  virtual void CacheBones_AnyThread(const FAnimationCacheBonesContext& Context);
  virtual void Update_AnyThread(const FAnimationUpdateContext& Context);
  virtual void Evaluate_AnyThread(FPoseContext& Output);
  virtual void GatherDebugData(FNodeDebugData& DebugData);
  virtual bool HasPreUpdate() const;
  virtual void PreUpdate(const UAnimInstance* Instance);

 protected:
  const FExposedValueHandler& GetEvaluateGraphExposedInputs() const;
};
