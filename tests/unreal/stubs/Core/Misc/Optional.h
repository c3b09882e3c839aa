#pragma once

#include "Templates/UnrealTemplate.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TOptional
template <typename T>
class TOptional {
 public:
  TOptional();
  TOptional(const T& Value);
  bool IsSet() const;
  const T& GetValue() const;
  T& GetValue();
  T Get(const T& Default) const;
  void Reset();
  explicit operator bool() const;
};
