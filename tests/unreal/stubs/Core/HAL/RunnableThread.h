#pragma once

#include "HAL/Runnable.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/EThreadPriority
enum EThreadPriority { TPri_Normal, TPri_AboveNormal, TPri_BelowNormal };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FRunnableThread
class FRunnableThread {
 public:
  virtual ~FRunnableThread();
  static FRunnableThread* Create(FRunnable* Runnable, const TCHAR* Name, uint32 StackSize = 0,
                                 EThreadPriority Priority = TPri_Normal);
  virtual bool Kill(bool bShouldWait = true) = 0;
  virtual void WaitForCompletion() = 0;
};
