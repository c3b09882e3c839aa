#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Projects/IPlugin
class IPlugin {
 public:
  virtual FString GetBaseDir() const = 0;
  virtual FString GetContentDir() const = 0;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Projects/IPluginManager
class IPluginManager {
 public:
  static IPluginManager& Get();
  virtual TSharedPtr<IPlugin> FindPlugin(const FString& Name) = 0;
};
