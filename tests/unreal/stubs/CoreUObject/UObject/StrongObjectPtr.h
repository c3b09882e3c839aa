#pragma once

#include "UObject/ObjectPtr.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/TStrongObjectPtr
template <typename T>
class TStrongObjectPtr {
 public:
  TStrongObjectPtr();
  explicit TStrongObjectPtr(T* Object);
  T* Get() const;
  T* operator->() const;
  bool IsValid() const;
  void Reset();
};
