#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/UPackage
class UPackage : public UObject {
 public:
  static UClass* StaticClass();
  void FullyLoad();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/CreatePackage
UPackage* CreatePackage(const TCHAR* Name);
