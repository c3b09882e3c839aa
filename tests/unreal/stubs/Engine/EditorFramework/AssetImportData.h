#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FAssetImportInfo
struct FAssetImportInfo {
  FString ToJson() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/UAssetImportData
class UAssetImportData : public UObject {
 public:
  static UClass* StaticClass();
#if WITH_EDITORONLY_DATA
  void Update(const FString& AbsoluteFilename);
  void UpdateFilenameOnly(const FString& InPath);
  FString GetFirstFilename() const;
  void ExtractFilenames(TArray<FString>& AbsoluteFilenames) const;
  const FAssetImportInfo& GetSourceData() const;
#endif
};
