#pragma once

#include "Engine/World.h"
#include "Templates/Casts.h"

class AActor;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UActorComponent
class UActorComponent : public UObject {
 public:
  using Super = UObject;
  static UClass* StaticClass();
  UActorComponent();
  FActorComponentTickFunction PrimaryComponentTick;
  bool bAutoActivate;
  bool bTickInEditor;
  virtual void BeginPlay();
  virtual void EndPlay(const EEndPlayReason::Type Reason);
  virtual void OnRegister();
  virtual void OnUnregister();
  virtual void TickComponent(float DeltaTime, ELevelTick Type,
                             FActorComponentTickFunction* Function);
  AActor* GetOwner() const;
  bool IsRegistered() const;
  bool HasBegunPlay() const;
  bool IsNetMode(ENetMode Mode) const;
  void RegisterComponent();
  void DestroyComponent(bool bPromoteChildren = false);
  UWorld* GetWorld() const override;
  void SetComponentTickEnabled(bool bEnabled);
  void AddTickPrerequisiteComponent(UActorComponent* Other);
};
