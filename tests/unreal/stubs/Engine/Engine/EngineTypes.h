#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/ELevelTick
enum ELevelTick { LEVELTICK_TimeOnly, LEVELTICK_ViewportsOnly, LEVELTICK_All };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/ETickingGroup
enum ETickingGroup { TG_PrePhysics, TG_DuringPhysics, TG_PostPhysics, TG_PostUpdateWork };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/EEndPlayReason__Type
namespace EEndPlayReason {
enum Type { Destroyed, LevelTransition, EndPlayInEditor, RemovedFromWorld, Quit };
}

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/ENetMode
enum ENetMode { NM_Standalone, NM_DedicatedServer, NM_ListenServer, NM_Client, NM_MAX };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FTickFunction
struct FTickFunction {
  bool bCanEverTick;
  bool bStartWithTickEnabled;
  bool bTickEvenWhenPaused;
  bool bAllowTickOnDedicatedServer;
  ETickingGroup TickGroup;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/FActorComponentTickFunction
struct FActorComponentTickFunction : FTickFunction {};
