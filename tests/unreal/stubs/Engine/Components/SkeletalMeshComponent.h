#pragma once

#include "Components/SceneComponent.h"

class UAnimInstance;
class USkeletalMesh;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/USkeletalMeshComponent
class USkeletalMeshComponent : public USceneComponent {
 public:
  static UClass* StaticClass();
  USkeletalMesh* GetSkeletalMeshAsset() const;
  void SetMorphTarget(FName Name, float Value, bool bRemoveZeroWeight = true);
  UAnimInstance* GetAnimInstance() const;
};
