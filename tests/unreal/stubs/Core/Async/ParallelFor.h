#pragma once

#include "Templates/Function.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/EParallelForFlags
enum class EParallelForFlags { None = 0, BackgroundPriority = 4 };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/ParallelFor
void ParallelFor(int32 Count, TFunctionRef<void(int32)> Body,
                 EParallelForFlags Flags = EParallelForFlags::None);
