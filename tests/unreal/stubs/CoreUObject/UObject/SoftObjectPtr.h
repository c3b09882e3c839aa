#pragma once

#include "UObject/ObjectPtr.h"
#include "UObject/SoftObjectPath.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/TSoftClassPtr
template <typename T>
struct TSoftClassPtr {
  TSoftClassPtr();
  TSoftClassPtr(const UClass* Class);
  bool IsNull() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/TSoftObjectPtr
template <typename T>
struct TSoftObjectPtr {
  TSoftObjectPtr();
  template <typename U>
  requires std::is_convertible_v<U*, T*> TSoftObjectPtr(U* Object);
  T* LoadSynchronous() const;
  T* Get() const;
  bool IsNull() const;
  bool IsPending() const;
  const FSoftObjectPath& ToSoftObjectPath() const;
};
