// What ONNX Runtime may compute on, tried one after the other.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "model/manifest.h"
#include "model/ort_api.h"

namespace talkface {

enum class Provider : std::int32_t { kCpu = 0, kCuda = 1, kTensorRt = 2 };

struct ProviderPlan {
  Provider provider = Provider::kCpu;
  int device = 0;
  void* queue = nullptr;     // cudaStream_t to compute on, or null for the provider's own
  bool capture = false;      // CUDA graphs
  bool half = false;         // TensorRT may compute in fp16
  std::string cache_folder;  // of TensorRT's engines; empty: none
  std::string shapes[3];     // smallest, usual and largest inputs for TensorRT, where they vary
};

[[nodiscard]] const char* provider_name(Provider provider);

// Does nothing for the CPU, which is always there.
Status append_provider(const ort::Library& library, const ProviderPlan& plan,
                       ort::SessionOptions* options);

// Whether this ONNX Runtime tells captured CUDA graphs apart: without that, a graph of one batch
// size would be replayed for another.
[[nodiscard]] bool names_graphs(const ort::Library& library);

// Shapes of all inputs with `rows` rows, as TensorRT's profiles are written. `axes`: of states.
std::string input_shapes(const Manifest& manifest, const std::vector<std::size_t>& axes,
                         std::size_t rows);

}  // namespace talkface
