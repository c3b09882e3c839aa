#pragma once

#include "Templates/UnrealTemplate.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/ESPMode
enum class ESPMode : uint8 { NotThreadSafe = 0, ThreadSafe = 1 };

template <typename T, ESPMode Mode>
class TSharedRef;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TSharedPtr
template <typename T, ESPMode Mode = ESPMode::ThreadSafe>
class TSharedPtr {
 public:
  TSharedPtr();
  TSharedPtr(std::nullptr_t);
  template <typename U>
  requires std::is_convertible_v<U*, T*> TSharedPtr(const TSharedPtr<U, Mode>& Other);
  template <typename U>
  requires std::is_convertible_v<U*, T*> TSharedPtr(const TSharedRef<U, Mode>& Other);
  T* Get() const;
  T* operator->() const;
  T& operator*() const;
  bool IsValid() const;
  void Reset();
  TSharedRef<T, Mode> ToSharedRef() const;
  explicit operator bool() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TSharedRef
template <typename T, ESPMode Mode = ESPMode::ThreadSafe>
class TSharedRef {
 public:
  template <typename U>
  requires std::is_convertible_v<U*, T*> TSharedRef(const TSharedRef<U, Mode>& Other);
  T& Get() const;
  T* operator->() const;
  T& operator*() const;
  bool operator==(const TSharedRef& Other) const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TWeakPtr
template <typename T, ESPMode Mode = ESPMode::ThreadSafe>
class TWeakPtr {
 public:
  TWeakPtr();
  TWeakPtr(std::nullptr_t);
  template <typename U>
  requires std::is_convertible_v<U*, T*> TWeakPtr(const TSharedPtr<U, Mode>& Other);
  template <typename U>
  requires std::is_convertible_v<U*, T*> TWeakPtr(const TSharedRef<U, Mode>& Other);
  TSharedPtr<T, Mode> Pin() const;
  bool IsValid() const;
  void Reset();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TSharedFromThis
template <typename T, ESPMode Mode = ESPMode::ThreadSafe>
class TSharedFromThis {
 public:
  TSharedRef<T, Mode> AsShared();
  TWeakPtr<T, Mode> AsWeak();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/MakeShared
template <typename T, ESPMode Mode = ESPMode::ThreadSafe, typename... A>
requires std::is_constructible_v<T, A...> TSharedRef<T, Mode> MakeShared(A&&... Arguments);

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/MakeShareable
template <typename T>
TSharedRef<T> MakeShareable(T* Object);
