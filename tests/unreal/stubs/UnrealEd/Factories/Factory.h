#pragma once

#include "Misc/FeedbackContext.h"
#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/UnrealEd/UFactory
class UFactory : public UObject {
 public:
  static UClass* StaticClass();
  UFactory(const FObjectInitializer& Initializer);
  TSubclassOf<UObject> SupportedClass;
  TArray<FString> Formats;
  uint8 bCreateNew : 1;
  uint8 bEditorImport : 1;
  int32 ImportPriority;
  static const int32 DefaultImportPriority;
  virtual bool FactoryCanImport(const FString& File);
  virtual UObject* FactoryCreateFile(UClass* Class, UObject* Parent, FName Name, EObjectFlags Flags,
                                     const FString& File, const TCHAR* Params,
                                     FFeedbackContext* Warn, bool& bOutCancelled);
};
