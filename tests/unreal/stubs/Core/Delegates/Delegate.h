#pragma once

#include "Templates/Function.h"
#include "Templates/SharedPointer.h"
#include "UObject/NameTypes.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FDelegateHandle
class FDelegateHandle {
 public:
  bool IsValid() const;
  void Reset();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TDelegate
template <typename R, typename... A>
class TBaseDelegate {
 public:
  template <typename F, typename... P>
  requires std::is_invocable_r_v<R, F, A..., P...>
  static TBaseDelegate CreateLambda(F&&, P...) { return {}; }
  template <typename C, typename D, typename... P>
  requires std::is_base_of_v<C, D>
  static TBaseDelegate CreateUObject(D* Object, R (C::*Method)(A..., P...), P... Payload);
  template <typename C, typename D, typename... P>
  requires std::is_base_of_v<C, D>
  static TBaseDelegate CreateSP(D* Object, R (C::*Method)(A..., P...), P... Payload);
  template <typename C, typename D, typename... P>
  requires std::is_base_of_v<C, D>
  static TBaseDelegate CreateSP(D* Object, R (C::*Method)(A..., P...) const, P... Payload);
  template <typename C, typename D, typename... P>
  requires std::is_base_of_v<C, D>
  static TBaseDelegate CreateRaw(D* Object, R (C::*Method)(A..., P...), P... Payload);
  template <typename... P>
  static TBaseDelegate CreateStatic(R (*Function)(A..., P...), P... Payload);
  bool IsBound() const;
  R Execute(A... Arguments) const;
  bool ExecuteIfBound(A... Arguments) const;
  void Unbind();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TMulticastDelegate
template <typename... A>
class TMulticastDelegate {
 public:
  using FDelegate = TBaseDelegate<void, A...>;
  FDelegateHandle Add(const FDelegate& Delegate);
  template <typename F>
  requires std::is_invocable_r_v<void, F, A...> FDelegateHandle AddLambda(F&&) { return {}; }
  template <typename C, typename D>
  requires std::is_base_of_v<C, D> FDelegateHandle AddUObject(D* Object, void (C::*Method)(A...));
  template <typename C, typename D>
  requires std::is_base_of_v<C, D> FDelegateHandle AddRaw(D* Object, void (C::*Method)(A...));
  bool Remove(FDelegateHandle Handle);
  template <typename D>
  void RemoveAll(const D* Object);
  void Broadcast(A... Arguments) const;
  bool IsBound() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/dynamic-delegates-in-unreal-engine
template <typename... A>
class TDynamicMulticastStub {
 public:
  template <typename C, typename D>
  requires std::is_base_of_v<C, D>
  void StubAddDynamic(D* Object, void (C::*Method)(A...));
  template <typename C, typename D>
  requires std::is_base_of_v<C, D>
  void StubRemoveDynamic(D* Object, void (C::*Method)(A...));
  void Broadcast(A... Arguments) const;
  bool IsBound() const;
  void Clear();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FSimpleDelegate
using FSimpleDelegate = TBaseDelegate<void>;
using FSimpleMulticastDelegate = TMulticastDelegate<>;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/delegates-and-lamba-functions-in-unreal-engine
#define DECLARE_DELEGATE(Name) using Name = TBaseDelegate<void>
#define DECLARE_DELEGATE_OneParam(Name, A) using Name = TBaseDelegate<void, A>
#define DECLARE_DELEGATE_TwoParams(Name, A, B) using Name = TBaseDelegate<void, A, B>
#define DECLARE_MULTICAST_DELEGATE(Name) using Name = TMulticastDelegate<>
#define DECLARE_MULTICAST_DELEGATE_OneParam(Name, A) using Name = TMulticastDelegate<A>
#define DECLARE_MULTICAST_DELEGATE_TwoParams(Name, A, B) using Name = TMulticastDelegate<A, B>
#define DECLARE_MULTICAST_DELEGATE_ThreeParams(Name, A, B, C) \
  using Name = TMulticastDelegate<A, B, C>

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/multicast-delegates-in-unreal-engine
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE(Name) using Name = TDynamicMulticastStub<>
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(Name, A, AName) \
  using Name = TDynamicMulticastStub<A>
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_TwoParams(Name, A, AName, B, BName) \
  using Name = TDynamicMulticastStub<A, B>
#define AddDynamic(Object, Method) StubAddDynamic(Object, Method)
#define RemoveDynamic(Object, Method) StubRemoveDynamic(Object, Method)
