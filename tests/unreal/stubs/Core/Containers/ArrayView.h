#pragma once

#include "Containers/Array.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TArrayView
template <typename T>
class TArrayView {
 public:
  TArrayView();
  TArrayView(T* Pointer, int32 Count);
  template <std::size_t N>
  TArrayView(T (&Items)[N]);
  template <typename U>
  requires std::is_convertible_v<U*, T*> TArrayView(TArray<U>& Array);
  template <typename U>
  requires std::is_convertible_v<const U*, T*> TArrayView(const TArray<U>& Array);
  int32 Num() const;
  bool IsEmpty() const;
  T* GetData() const;
  T& operator[](int32 Index) const;
  T* begin() const;
  T* end() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TConstArrayView
template <typename T>
using TConstArrayView = TArrayView<const T>;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/MakeArrayView
template <typename T>
TArrayView<T> MakeArrayView(T* Pointer, int32 Count);
