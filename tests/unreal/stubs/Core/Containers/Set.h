#pragma once

#include "Containers/Array.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TSet
template <typename T>
class TSet {
 public:
  TSet();
  int32 Num() const;
  void Add(const T& Item);
  bool Contains(const T& Item) const;
  int32 Remove(const T& Item);
  void Empty();
  T* begin();
  T* end();
  const T* begin() const;
  const T* end() const;
};
