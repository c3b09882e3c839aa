#pragma once

#include "CoreMinimal.h"

class UClass;
class UPackage;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/UObjectBaseUtility
class UObjectBase {
 public:
  virtual ~UObjectBase();
  FName GetFName() const;
  FString GetName() const;
  FString GetPathName() const;
  UObject* GetOuter() const;
  UPackage* GetOutermost() const;
  UPackage* GetPackage() const;
  UClass* GetClass() const;
  bool IsA(const UClass* Class) const;
  bool HasAnyFlags(int Flags) const;
  void SetFlags(int Flags);
};
