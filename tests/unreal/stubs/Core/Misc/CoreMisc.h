#pragma once

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/IsRunningDedicatedServer
bool IsRunningDedicatedServer();
