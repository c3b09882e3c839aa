#pragma once

#include "HAL/Platform.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FMemory
struct FMemory {
  static void* Memcpy(void* Destination, const void* Source, SIZE_T Count);
  static void* Memzero(void* Destination, SIZE_T Count);
};
