#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/UnrealEd/FScopedTransaction
class FScopedTransaction {
 public:
  FScopedTransaction(const FText& Name, const bool bShouldActuallyTransact = true);
  ~FScopedTransaction();
  FScopedTransaction(const FScopedTransaction&) = delete;
  void Cancel();
};
