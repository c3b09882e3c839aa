#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FCompactPoseBoneIndex
struct FCompactPoseBoneIndex {
  explicit FCompactPoseBoneIndex(int32 Index);
  int32 GetInt() const;
  bool IsRootBone() const;
  bool operator==(FCompactPoseBoneIndex Other) const;
};
