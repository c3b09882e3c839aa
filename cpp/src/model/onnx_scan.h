// A look through an ONNX file before ONNX Runtime sees it.
#pragma once

#include <string_view>

#include "base/status.h"

namespace talkface {

// Refuses a graph with tensors kept in other files: those would be read from the working directory,
// outside the bundle and its hashes. Also refuses bytes that are no protobuf message.
Status refuse_external_data(std::string_view onnx);

}  // namespace talkface
