#pragma once

#include "UObject/SoftObjectPtr.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/AssetDefinition/FAssetCategoryPath
struct FAssetCategoryPath {
  FAssetCategoryPath(const FText& Category);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/AssetDefinition/EAssetCategoryPaths
struct EAssetCategoryPaths {
  static FAssetCategoryPath Animation;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/AssetDefinition/UAssetDefinition
class UAssetDefinition : public UObject {
 public:
  static UClass* StaticClass();
  virtual FText GetAssetDisplayName() const = 0;
  virtual TSoftClassPtr<UObject> GetAssetClass() const = 0;
  virtual FLinearColor GetAssetColor() const = 0;
  virtual TConstArrayView<FAssetCategoryPath> GetAssetCategories() const;
  virtual bool CanImport() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/AssetDefinition/UAssetDefinitionDefault
class UAssetDefinitionDefault : public UAssetDefinition {
 public:
  static UClass* StaticClass();
};
