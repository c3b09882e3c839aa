#pragma once

#include "DetailWidgetRow.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/PropertyEditor/IDetailCategoryBuilder
class IDetailCategoryBuilder {
 public:
  virtual FDetailWidgetRow& AddCustomRow(const FText& Filter, bool bAdvanced = false) = 0;
};
