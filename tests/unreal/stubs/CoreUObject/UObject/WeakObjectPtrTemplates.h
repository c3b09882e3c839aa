#pragma once

#include "UObject/ObjectPtr.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/TWeakObjectPtr
template <typename T = UObject>
struct TWeakObjectPtr {
  TWeakObjectPtr();
  TWeakObjectPtr(std::nullptr_t);
  template <typename U>
  requires std::is_convertible_v<U*, const T*> TWeakObjectPtr(U* Object);
  template <typename U>
  TWeakObjectPtr(const TObjectPtr<U>& Object);
  template <typename U>
  requires std::is_convertible_v<U*, T*> TWeakObjectPtr(const TWeakObjectPtr<U>& Object);
  T* Get() const;
  T* operator->() const;
  bool IsValid() const;
  void Reset();
  bool operator==(const TWeakObjectPtr& Other) const;
};
