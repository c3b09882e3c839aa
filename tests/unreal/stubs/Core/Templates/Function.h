#pragma once

#include "Templates/UnrealTemplate.h"

template <typename S>
class TFunction;
template <typename S>
class TUniqueFunction;
template <typename S>
class TFunctionRef;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TFunction
template <typename R, typename... A>
class TFunction<R(A...)> {
 public:
  TFunction();
  TFunction(std::nullptr_t);
  template <typename F>
  requires std::is_invocable_r_v<R, F, A...> TFunction(F&&) {}
  R operator()(A... Arguments) const;
  explicit operator bool() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TUniqueFunction
template <typename R, typename... A>
class TUniqueFunction<R(A...)> {
 public:
  template <typename F>
  requires std::is_invocable_r_v<R, F, A...> TUniqueFunction(F&&) {}
  R operator()(A... Arguments) const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TFunctionRef
template <typename R, typename... A>
class TFunctionRef<R(A...)> {
 public:
  template <typename F>
  requires std::is_invocable_r_v<R, F, A...> TFunctionRef(F&&) {}
  R operator()(A... Arguments) const;
};
