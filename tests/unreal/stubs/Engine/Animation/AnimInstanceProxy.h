#pragma once

#include "BoneContainer.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FAnimInstanceProxy
struct FAnimInstanceProxy {
  const struct FBoneContainer& GetRequiredBones() const;
};
