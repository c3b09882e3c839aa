#pragma once

#include "UObject/Class.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/TSubclassOf
template <typename T>
class TSubclassOf {
 public:
  TSubclassOf();
  TSubclassOf(UClass* Class);
  template <typename U>
  requires std::is_base_of_v<T, U> TSubclassOf(const TSubclassOf<U>& Other);
  UClass* Get() const;
  operator UClass*() const;
  UClass* operator->() const;
};
