#pragma once

#include "UObject/ObjectMacros.h"
#include "UObject/UObjectBase.h"

class UPackage;
class UWorld;
class FArchive;
class FAssetRegistryTagsContext;
struct FPropertyChangedEvent;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/FObjectInitializer
class FObjectInitializer {
 public:
  static FObjectInitializer& Get();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/UObject
class UObject : public UObjectBase {
 public:
  using ThisClass = UObject;
  UObject();
  UObject(const FObjectInitializer& Initializer);
  static UClass* StaticClass();
  virtual void PostInitProperties();
  virtual void PostLoad();
  virtual void BeginDestroy();
  virtual bool IsReadyForFinishDestroy();
  virtual void Serialize(FArchive& Archive);
  virtual UWorld* GetWorld() const;
  struct FAssetRegistryTag {
    enum ETagType { TT_Hidden, TT_Alphabetical };
    FAssetRegistryTag(FName Name, const FString& Value, ETagType Type);
  };
  static const FName& SourceFileTagName();
  virtual void GetAssetRegistryTags(FAssetRegistryTagsContext Context) const;
#if WITH_EDITOR
  virtual void PostEditChangeProperty(FPropertyChangedEvent& Event);
#endif
  bool IsTemplate() const;
  bool MarkPackageDirty() const;
  bool Modify(bool bAlwaysMarkDirty = true);
  template <typename T>
  T* CreateDefaultSubobject(FName Name, bool bTransient = false);
  template <typename T>
  T* GetTypedOuter() const;
};
