#pragma once

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FEngineVersion
#ifndef ENGINE_MINOR_VERSION
#define ENGINE_MINOR_VERSION 8
#endif

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FEngineVersion
#define UE_VERSION_OLDER_THAN(Major, Minor, Patch) (ENGINE_MINOR_VERSION < (Minor))
