#pragma once

#include "UObject/Object.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/UScriptStruct
class UScriptStruct : public UObject {
 public:
  static UClass* StaticClass();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/UEnum
class UEnum : public UObject {
 public:
  static UClass* StaticClass();
  int32 NumEnums() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/UClass
class UClass : public UObject {
 public:
  static UClass* StaticClass();
  bool IsChildOf(const UClass* Other) const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/StaticEnum
template <typename E>
UEnum* StaticEnum();
