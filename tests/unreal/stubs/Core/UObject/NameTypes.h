#pragma once

#include "Containers/UnrealString.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/EName
enum EName { NAME_None };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FName
class FName {
 public:
  FName();
  FName(EName Name);
  FName(const TCHAR* Name);
  FName(const ANSICHAR* Name);
  explicit FName(const FString& Name);
  FString ToString() const;
  bool IsNone() const;
  bool operator==(const FName& Other) const;
  bool LexicalLess(const FName& Other) const;
};
