#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/FSoftObjectPath
struct FSoftObjectPath {
  bool IsNull() const;
  FString ToString() const;
};
