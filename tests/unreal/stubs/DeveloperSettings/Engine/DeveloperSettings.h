#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/DeveloperSettings/UDeveloperSettings
class UDeveloperSettings : public UObject {
 public:
  static UClass* StaticClass();
  virtual FName GetCategoryName() const;
};
