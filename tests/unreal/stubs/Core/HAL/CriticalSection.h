#pragma once

#include "Templates/UnrealTemplate.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FCriticalSection
class FCriticalSection : FNoncopyable {
 public:
  void Lock();
  bool TryLock();
  void Unlock();
};
