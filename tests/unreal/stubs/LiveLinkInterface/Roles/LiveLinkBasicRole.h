#pragma once

#include "LiveLinkRole.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/ULiveLinkBasicRole
class ULiveLinkBasicRole : public ULiveLinkRole {
 public:
  static UClass* StaticClass();
};
