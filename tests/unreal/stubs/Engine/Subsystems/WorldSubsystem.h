#pragma once

#include "Engine/World.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FSubsystemCollectionBase
class FSubsystemCollectionBase {};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/USubsystem
class USubsystem : public UObject {
 public:
  static UClass* StaticClass();
  virtual bool ShouldCreateSubsystem(UObject* Outer) const;
  virtual void Initialize(FSubsystemCollectionBase& Collection);
  virtual void Deinitialize();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TStatId
struct TStatId {};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UWorldSubsystem
class UWorldSubsystem : public USubsystem {
 public:
  static UClass* StaticClass();
  UWorld* GetWorld() const override;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UTickableWorldSubsystem
class UTickableWorldSubsystem : public UWorldSubsystem {
 public:
  static UClass* StaticClass();
  virtual void Tick(float DeltaTime);
  virtual TStatId GetStatId() const = 0;
  virtual bool IsTickableInEditor() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/RETURN_QUICK_DECLARE_CYCLE_STAT
#define RETURN_QUICK_DECLARE_CYCLE_STAT(Stat, Group) return TStatId()
