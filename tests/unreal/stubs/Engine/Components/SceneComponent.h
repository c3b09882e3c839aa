#pragma once

#include "Components/ActorComponent.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/USceneComponent
class USceneComponent : public UActorComponent {
 public:
  static UClass* StaticClass();
  void SetupAttachment(USceneComponent* Parent, FName Socket = NAME_None);
};
