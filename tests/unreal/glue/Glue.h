// What the glue tests share: a bundle opened with the ONNX Runtime of the environment, and a check.
// Each program includes this once.
#pragma once

#include <cstdio>
#include <cstdlib>

#include "TalkFaceCrowd.h"

TSharedPtr<FTalkFaceModel> FTalkFaceBundleSource::Open(FString& OutError) const {
  talkface_model_options Options = talkface_model_options_init();
  Options.onnxruntime_path = std::getenv("TALKFACE_ONNXRUNTIME");
  talkface_error Error = talkface_error_init();
  talkface_model* Model = nullptr;
  if (talkface_model_open(TCHAR_TO_UTF8(*Folder), &Options, &Model, &Error) != TALKFACE_OK) {
    OutError = UTF8_TO_TCHAR(Error.message);
    return nullptr;
  }
  return MakeShared<FTalkFaceModel>(Model);
}

inline int Failures = 0;

inline void Expect(bool bTrue, const char* What) {
  if (!bTrue) {
    std::printf("FAIL %s\n", What);
    ++Failures;
  }
}
