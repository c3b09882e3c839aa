#pragma once

#include "UObject/SoftObjectPath.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FStreamableDelegate
using FStreamableDelegate = TBaseDelegate<void>;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FStreamableHandle
struct FStreamableHandle {
  bool HasLoadCompleted() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FStreamableManager
struct FStreamableManager {
  TSharedPtr<FStreamableHandle> RequestAsyncLoad(const FSoftObjectPath& Target,
                                                 FStreamableDelegate Delegate);
};
