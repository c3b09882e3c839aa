#pragma once

#include "HAL/Platform.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FEvent
class FEvent {
 public:
  void Trigger();
  bool Wait(uint32 Milliseconds);
};
