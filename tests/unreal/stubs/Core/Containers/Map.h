#pragma once

#include "Containers/Array.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TPair
template <typename K, typename V>
struct TPair {
  K Key;
  V Value;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TMap
template <typename K, typename V>
class TMap {
 public:
  TMap();
  int32 Num() const;
  bool IsEmpty() const;
  V& Add(const K& Key, const V& Value);
  V& Add(const K& Key, V&& Value);
  V& Add(const K& Key);
  V& FindOrAdd(const K& Key);
  V& FindOrAdd(const K& Key, const V& Value);
  V* Find(const K& Key);
  const V* Find(const K& Key) const;
  V FindRef(const K& Key) const;
  bool Contains(const K& Key) const;
  int32 Remove(const K& Key);
  bool RemoveAndCopyValue(const K& Key, V& Value);
  void Empty(int32 Slack = 0);
  void Reset();
  int32 GetKeys(TArray<K>& Keys) const;
  void GenerateKeyArray(TArray<K>& Keys) const;
  V& operator[](const K& Key);
  const V& operator[](const K& Key) const;
  TPair<K, V>* begin();
  TPair<K, V>* end();
  const TPair<K, V>* begin() const;
  const TPair<K, V>* end() const;
};
