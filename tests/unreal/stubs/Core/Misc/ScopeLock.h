#pragma once

#include "HAL/CriticalSection.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FScopeLock
class FScopeLock : FNoncopyable {
 public:
  explicit FScopeLock(FCriticalSection* Section);
  ~FScopeLock();
};
