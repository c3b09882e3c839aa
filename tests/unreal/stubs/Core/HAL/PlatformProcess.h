#pragma once

#include "Containers/UnrealString.h"

class FEvent;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FGenericPlatformProcess
struct FPlatformProcess {
  static void* GetDllHandle(const TCHAR* Path);
  static void FreeDllHandle(void* Handle);
  static void* GetDllExport(void* Handle, const TCHAR* Name);
  static void PushDllDirectory(const TCHAR* Directory);
  static void PopDllDirectory(const TCHAR* Directory);
  static FEvent* GetSynchEventFromPool(bool bIsManualReset = false);
  static void ReturnSynchEventToPool(FEvent* Event);
  static void Sleep(float Seconds);
  static bool SupportsMultithreading();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FGenericPlatformTime
struct FPlatformTime {
  static double Seconds();
};
