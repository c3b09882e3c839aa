#pragma once

#include "Widgets/SWidget.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/PropertyEditor/FDetailWidgetDecl
struct FDetailWidgetDecl {
  FDetailWidgetDecl& operator[](TSharedRef<SWidget> Widget);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/PropertyEditor/FDetailWidgetRow
class FDetailWidgetRow {
 public:
  FDetailWidgetDecl& WholeRowContent();
};
