#pragma once

#include "Containers/UnrealString.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FFileHelper
struct FFileHelper {
  static bool LoadFileToArray(TArray<uint8>& Result, const TCHAR* File, uint32 Flags = 0);
  static bool LoadFileToString(FString& Result, const TCHAR* File);
};
