#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FArchive
class FArchive {
 public:
  bool IsLoading() const;
  bool IsSaving() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TMap
template <typename K, typename V>
FArchive& operator<<(FArchive& Ar, TMap<K, V>& Map);
