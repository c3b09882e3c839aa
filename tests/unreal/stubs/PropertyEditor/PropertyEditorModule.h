#pragma once

#include "IDetailCustomization.h"
#include "Modules/ModuleInterface.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/PropertyEditor/FOnGetDetailCustomizationInstance
using FOnGetDetailCustomizationInstance = TBaseDelegate<TSharedRef<IDetailCustomization>>;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/PropertyEditor/FPropertyEditorModule
class FPropertyEditorModule : public IModuleInterface {
 public:
  virtual void RegisterCustomClassLayout(FName Class, FOnGetDetailCustomizationInstance Create);
  virtual void UnregisterCustomClassLayout(FName Class);
};
