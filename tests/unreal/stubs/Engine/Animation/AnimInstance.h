#pragma once

#include "Components/SkeletalMeshComponent.h"
#include "GameFramework/Actor.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UAnimInstance
class UAnimInstance : public UObject {
 public:
  static UClass* StaticClass();
  AActor* GetOwningActor() const;
  USkeletalMeshComponent* GetSkelMeshComponent() const;
};
