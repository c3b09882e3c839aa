#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/FAssetData
struct FAssetData {
  FName AssetName;
  UObject* GetAsset() const;
};
