#pragma once

#include "BoneIndices.h"
#include "UObject/ObjectMacros.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FBoneContainer
struct FBoneContainer {
  bool IsValid() const;
  FCompactPoseBoneIndex GetParentBoneIndex(const FCompactPoseBoneIndex& Bone) const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FBoneReference
struct FBoneReference {
  FName BoneName;
  FBoneReference();
  FBoneReference(const FName& Name);
  bool Initialize(const FBoneContainer& Bones);
  bool IsValidToEvaluate(const FBoneContainer& Bones) const;
  FCompactPoseBoneIndex GetCompactPoseIndex(const FBoneContainer& Bones) const;
};
