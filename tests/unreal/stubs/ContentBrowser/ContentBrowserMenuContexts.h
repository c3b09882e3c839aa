#pragma once

#include "AssetRegistry/AssetData.h"
#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/ContentBrowser/UContentBrowserAssetContextMenuContext
class UContentBrowserAssetContextMenuContext : public UObject {
 public:
  static UClass* StaticClass();
  TArray<FAssetData> SelectedAssets;
  template <typename T>
  TArray<T*> LoadSelectedObjects() const;
};
