#pragma once

#include "Internationalization/Text.h"
#include "Logging/LogMacros.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FFeedbackContext
class FFeedbackContext {
 public:
  template <typename... A>
  void Logf(ELogVerbosity::Type Verbosity, const TCHAR* Format, A... Arguments);
  bool ReceivedUserCancel();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/GWarn
extern FFeedbackContext* GWarn;
