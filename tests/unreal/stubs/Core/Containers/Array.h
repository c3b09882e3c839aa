#pragma once

#include <initializer_list>

#include "Templates/UnrealTemplate.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/EAllowShrinking
enum class EAllowShrinking : uint8 { No, Yes };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TArray
template <typename T>
class TArray {
 public:
  TArray();
  TArray(std::initializer_list<T> Values);
  TArray(const T* Pointer, int32 Count);
  int32 Num() const;
  bool IsEmpty() const;
  bool IsValidIndex(int32 Index) const;
  T* GetData();
  const T* GetData() const;
  T& operator[](int32 Index);
  const T& operator[](int32 Index) const;
  T& Last(int32 FromEnd = 0);
  const T& Last(int32 FromEnd = 0) const;
  int32 Add(const T& Item);
  int32 Add(T&& Item);
  int32 AddUnique(const T& Item);
  int32 AddDefaulted(int32 Count = 1);
  T& AddDefaulted_GetRef();
  int32 AddZeroed(int32 Count = 1);
  int32 AddUninitialized(int32 Count = 1);
  template <typename... A>
  int32 Emplace(A&&... Arguments);
  template <typename... A>
  T& Emplace_GetRef(A&&... Arguments);
  void Append(const TArray& Other);
  void Append(const T* Pointer, int32 Count);
  void Init(const T& Value, int32 Count);
  void Reserve(int32 Count);
  void Reset(int32 Size = 0);
  void Empty(int32 Slack = 0);
  void SetNum(int32 Count, EAllowShrinking Shrinking = EAllowShrinking::Yes);
  void SetNumZeroed(int32 Count, EAllowShrinking Shrinking = EAllowShrinking::Yes);
  void SetNumUninitialized(int32 Count, EAllowShrinking Shrinking = EAllowShrinking::Yes);
  void RemoveAt(int32 Index);
  void RemoveAt(int32 Index, int32 Count, EAllowShrinking Shrinking = EAllowShrinking::Yes);
  void RemoveAtSwap(int32 Index, EAllowShrinking Shrinking = EAllowShrinking::Yes);
  int32 Remove(const T& Item);
  int32 RemoveSwap(const T& Item, EAllowShrinking Shrinking = EAllowShrinking::Yes);
  template <typename P>
  requires std::is_invocable_r_v<bool, P, const T&> int32 RemoveAll(const P&) { return 0; }
  template <typename P>
  requires std::is_invocable_r_v<bool, P, const T&> int32
  RemoveAllSwap(const P&, EAllowShrinking = EAllowShrinking::Yes) {
    return 0;
  }
  int32 Find(const T& Item) const;
  int32 IndexOfByKey(const T& Key) const;
  template <typename P>
  requires std::is_invocable_r_v<bool, P, const T&> T* FindByPredicate(P) { return nullptr; }
  template <typename P>
  requires std::is_invocable_r_v<bool, P, const T&>
  const T* FindByPredicate(P) const { return nullptr; }
  template <typename P>
  requires std::is_invocable_r_v<bool, P, const T&>
  bool ContainsByPredicate(P) const { return false; }
  bool Contains(const T& Item) const;
  void Sort();
  template <typename P>
  void Sort(const P& Predicate);
  bool operator==(const TArray& Other) const;
  T* begin();
  T* end();
  const T* begin() const;
  const T* end() const;
};
