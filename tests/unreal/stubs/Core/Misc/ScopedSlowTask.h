#pragma once

#include "Misc/FeedbackContext.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FScopedSlowTask
struct FScopedSlowTask {
  FScopedSlowTask(float AmountOfWork, const FText& Message = FText::GetEmpty(),
                  bool bEnabled = true);
  ~FScopedSlowTask();
  void MakeDialog(bool bShowCancelButton = false, bool bAllowInPIE = false);
  void EnterProgressFrame(float ExpectedWork = 1.0f, const FText& Text = FText::GetEmpty());
  bool ShouldCancel() const;
};
