#pragma once

#include "Templates/UnrealTemplate.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TUniquePtr
template <typename T>
class TUniquePtr {
 public:
  TUniquePtr();
  TUniquePtr(std::nullptr_t);
  explicit TUniquePtr(T* Object);
  TUniquePtr(TUniquePtr&& Other);
  template <typename U>
  requires std::is_convertible_v<U*, T*> TUniquePtr(TUniquePtr<U>&& Other);
  ~TUniquePtr();
  TUniquePtr& operator=(TUniquePtr&& Other);
  TUniquePtr& operator=(std::nullptr_t);
  T* Get() const;
  T* operator->() const;
  T& operator*() const;
  bool IsValid() const;
  void Reset(T* Object = nullptr);
  explicit operator bool() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/MakeUnique
template <typename T, typename... A>
requires std::is_constructible_v<T, A...> TUniquePtr<T> MakeUnique(A&&... Arguments);
