#pragma once

#include "DetailCategoryBuilder.h"
#include "UObject/WeakObjectPtrTemplates.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/PropertyEditor/IDetailLayoutBuilder
class IDetailLayoutBuilder {
 public:
  virtual IDetailCategoryBuilder& EditCategory(FName Category,
                                               const FText& Title = FText::GetEmpty()) = 0;
  virtual void GetObjectsBeingCustomized(TArray<TWeakObjectPtr<UObject>>& Objects) const = 0;
};
