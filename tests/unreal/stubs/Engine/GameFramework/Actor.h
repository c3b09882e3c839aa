#pragma once

#include "Engine/World.h"
#include "Templates/Casts.h"

class USceneComponent;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/AActor
class AActor : public UObject {
 public:
  static UClass* StaticClass();
  template <typename T>
  T* FindComponentByClass() const;
  template <typename T, typename F>
  requires std::is_invocable_v<F, T*>
  void ForEachComponent(bool, F&&) const {}
  USceneComponent* GetRootComponent() const;
};
