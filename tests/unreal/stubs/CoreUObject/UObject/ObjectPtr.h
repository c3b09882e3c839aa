#pragma once

#include "UObject/Object.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/TObjectPtr
template <typename T>
struct TObjectPtr {
  TObjectPtr();
  TObjectPtr(std::nullptr_t);
  template <typename U>
  requires std::is_convertible_v<U*, T*> TObjectPtr(U* Object);
  template <typename U>
  requires std::is_convertible_v<U*, T*> TObjectPtr(const TObjectPtr<U>& Other);
  T* Get() const;
  T* operator->() const;
  T& operator*() const;
  operator T*() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/ObjectPtrDecay
template <typename T>
const TArray<T*>& ObjectPtrDecay(const TArray<TObjectPtr<T>>& Array);
