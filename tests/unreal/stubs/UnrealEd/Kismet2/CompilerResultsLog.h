#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/UnrealEd/FCompilerResultsLog
class FCompilerResultsLog {
 public:
  template <typename... A>
  void Warning(const TCHAR* Format, A... Arguments);
};
