#pragma once

#include "HAL/PlatformProcess.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FRunnable
class FRunnable {
 public:
  virtual ~FRunnable();
  virtual bool Init();
  virtual uint32 Run() = 0;
  virtual void Stop();
  virtual void Exit();
};
