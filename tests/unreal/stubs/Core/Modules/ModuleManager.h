#pragma once

#include "Modules/ModuleInterface.h"
#include "UObject/NameTypes.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FModuleManager
class FModuleManager {
 public:
  static FModuleManager& Get();
  bool IsModuleLoaded(FName Module) const;
  template <typename T>
  static T& LoadModuleChecked(FName Module);
  template <typename T>
  static T& GetModuleChecked(FName Module);
  template <typename T>
  static T* GetModulePtr(FName Module);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FDefaultModuleImpl
class FDefaultModuleImpl : public IModuleInterface {};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/unreal-engine-modules
#define IMPLEMENT_MODULE(Class, Name)                   \
  static_assert(__is_base_of(IModuleInterface, Class)); \
  IModuleInterface* StubStart##Name() { return new Class(); }
