#pragma once

#include <type_traits>

#include "HAL/Platform.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/MoveTemp
template <typename T>
constexpr std::remove_reference_t<T>&& MoveTemp(T&& Value) {
  static_assert(!std::is_const_v<std::remove_reference_t<T>>, "MoveTemp called on a const object");
  static_assert(std::is_lvalue_reference_v<T>, "MoveTemp called on an rvalue");
  return static_cast<std::remove_reference_t<T>&&>(Value);
}

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/Forward
template <typename T>
constexpr T&& Forward(std::remove_reference_t<T>& Value) {
  return static_cast<T&&>(Value);
}

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FNoncopyable
class FNoncopyable {
 protected:
  FNoncopyable() = default;
  FNoncopyable(const FNoncopyable&) = delete;
  FNoncopyable& operator=(const FNoncopyable&) = delete;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TGuardValue
template <typename T>
class TGuardValue {
 public:
  TGuardValue(T& Reference, const T& Value);
  ~TGuardValue();
};
