#pragma once

#include "Templates/Function.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/ENamedThreads__Type
namespace ENamedThreads {
enum Type { GameThread, AnyThread, AnyBackgroundThreadNormalTask };
}

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/AsyncTask
void AsyncTask(ENamedThreads::Type Thread, TUniqueFunction<void()> Function);
