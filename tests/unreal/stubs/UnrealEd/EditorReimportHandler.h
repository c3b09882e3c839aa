#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/UnrealEd/EReimportResult__Type
namespace EReimportResult {
enum Type { Failed, Succeeded, Cancelled };
}

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/UnrealEd/FReimportHandler
class FReimportHandler {
 public:
  FReimportHandler();
  virtual ~FReimportHandler();
  virtual bool CanReimport(UObject* Object, TArray<FString>& OutFilenames) = 0;
  virtual void SetReimportPaths(UObject* Object, const TArray<FString>& NewReimportPaths) = 0;
  virtual EReimportResult::Type Reimport(UObject* Object) = 0;
  virtual int32 GetPriority() const;
};
