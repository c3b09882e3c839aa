#pragma once

#include "UObject/UObjectGlobals.h"

class UMorphTarget;
class USkeleton;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/USkeletalMesh
class USkeletalMesh : public UObject {
 public:
  static UClass* StaticClass();
  const TArray<TObjectPtr<UMorphTarget>>& GetMorphTargets() const;
  USkeleton* GetSkeleton() const;
};
