#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UBlueprintAsyncActionBase
class UBlueprintAsyncActionBase : public UObject {
 public:
  static UClass* StaticClass();
  virtual void Activate();
  void RegisterWithGameInstance(const UObject* WorldContext);
  virtual void SetReadyToDestroy();
};
