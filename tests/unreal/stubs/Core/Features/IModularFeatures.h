#pragma once

#include "UObject/NameTypes.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/IModularFeature
class IModularFeature {};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/IModularFeatures
class IModularFeatures {
 public:
  static IModularFeatures& Get();
  virtual bool IsModularFeatureAvailable(const FName Type) const = 0;
  template <typename T>
  T& GetModularFeature(const FName Type);
};
