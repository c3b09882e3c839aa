// A bundle opened with the ONNX Runtime of the environment, without the plugin's module.
#pragma once

#include <cstdlib>

#include "Check.h"
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
