#pragma once

#include "Modules/ModuleInterface.h"
#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Developer/AssetTools/IAssetTools
class IAssetTools {
 public:
  virtual void CreateUniqueAssetName(const FString& BasePackage, const FString& Suffix,
                                     FString& OutPackage, FString& OutAsset) = 0;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Developer/AssetTools/FAssetToolsModule
class FAssetToolsModule : public IModuleInterface {
 public:
  virtual IAssetTools& Get() const;
};
