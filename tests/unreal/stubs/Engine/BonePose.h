#pragma once

#include "BoneContainer.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FCompactPose
struct FCompactPose {
  FTransform& operator[](const FCompactPoseBoneIndex& Bone);
  const FTransform& operator[](const FCompactPoseBoneIndex& Bone) const;
  const FBoneContainer& GetBoneContainer() const;
  FCompactPoseBoneIndex GetParentBoneIndex(const FCompactPoseBoneIndex& Bone) const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FCSPose
template <typename P>
struct FCSPose {
  void InitPose(const P& Pose);
  const FTransform& GetComponentSpaceTransform(const FCompactPoseBoneIndex& Bone);
};
