#pragma once

#include "Animation/AnimNodeBase.h"
#include "UObject/UObjectGlobals.h"

class FCompilerResultsLog;
class USkeleton;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/ENodeTitleType__Type
namespace ENodeTitleType {
enum Type { FullTitle, ListView, EditableTitle, MenuTitle };
}

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/AnimGraph/UAnimGraphNode_Base
class UAnimGraphNode_Base : public UObject {
 public:
  static UClass* StaticClass();
  virtual FText GetNodeTitle(ENodeTitleType::Type Type) const;
  virtual FText GetTooltipText() const;
  virtual FLinearColor GetNodeTitleColor() const;
  virtual FString GetNodeCategory() const;
  virtual void ValidateAnimNodeDuringCompilation(USkeleton* Skeleton, FCompilerResultsLog& Log);
};
