#pragma once

#include "CoreMinimal.h"

class IDetailLayoutBuilder;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/PropertyEditor/IDetailCustomization
class IDetailCustomization : public TSharedFromThis<IDetailCustomization> {
 public:
  virtual ~IDetailCustomization();
  virtual void CustomizeDetails(IDetailLayoutBuilder& Builder) = 0;
};
