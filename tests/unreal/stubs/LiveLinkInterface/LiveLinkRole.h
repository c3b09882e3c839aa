#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/ULiveLinkRole
class ULiveLinkRole : public UObject {
 public:
  static UClass* StaticClass();
};
