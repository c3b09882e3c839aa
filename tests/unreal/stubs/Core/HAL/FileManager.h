#pragma once

#include "Containers/UnrealString.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/IFileManager
class IFileManager {
 public:
  static IFileManager& Get();
  virtual void FindFiles(TArray<FString>& Names, const TCHAR* Pattern, bool bFiles,
                         bool bFolders) = 0;
  virtual int64 FileSize(const TCHAR* File) = 0;
};
