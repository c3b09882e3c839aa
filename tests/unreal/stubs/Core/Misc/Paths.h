#pragma once

#include "Containers/UnrealString.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FPaths
class FPaths {
 public:
  template <typename... A>
  static FString Combine(A&&... Parts);
  static FString ConvertRelativePathToFull(const FString& Path);
  static FString GetPath(const FString& File);
  static FString GetBaseFilename(const FString& File);
  static FString GetCleanFilename(const FString& File);
  static bool FileExists(const FString& File);
  static bool DirectoryExists(const FString& Folder);
};
