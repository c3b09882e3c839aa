#include "model/providers.h"

#include <utility>
#include <vector>

#include "anim/rig.h"

namespace talkface {
namespace {

using Options = std::vector<std::pair<const char*, std::string>>;

// Calls update(keys, values, count).
template <typename Update>
ort::StatusObject* set(const Options& options, Update update) {
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : options) {
    keys.push_back(key);
    values.push_back(value.c_str());
  }
  return update(keys.data(), values.data(), keys.size());
}

// The host's stream is a pointer, which options as text do not take over (they set the flag that
// there is one, or nothing). It comes last: setting options as text clears it again.
template <typename ProviderOptions>
Status set_queue(const ort::Library& library, void* queue, ProviderOptions* options,
                 ort::StatusObject* (*update)(ProviderOptions*, const char*, void*)) {
  if (queue == nullptr) return {};
  if (update == nullptr) {
    return {Code::kRuntimeFailed,
            "ONNX Runtime " + library.version() + " takes no CUDA stream: 1.16 or newer is needed"};
  }
  return library.check(update(options, "user_compute_stream", queue), "set the CUDA stream");
}

Status missing(const ort::Library& library, const char* what) {
  return {Code::kRuntimeFailed, "ONNX Runtime " + library.version() + " is built without " + what +
                                    " (pip install onnxruntime-gpu has it)"};
}

Status append_cuda(const ort::Library& library, const ProviderPlan& plan,
                   ort::SessionOptions* options) {
  if (!library.has_provider("CUDAExecutionProvider")) return missing(library, "CUDA");
  const auto& api = library.api();
  ort::CudaOptions* cuda = nullptr;
  Status status = library.check(api.CreateCUDAProviderOptions(&cuda), "create CUDA options");
  if (!status.ok()) return status;
  const auto update = [&](const char* const* keys, const char* const* values, std::size_t count) {
    return api.UpdateCUDAProviderOptions(cuda, keys, values, count);
  };
  Options wanted = {{"device_id", std::to_string(plan.device)},
                    {"cudnn_conv_algo_search", "HEURISTIC"},
                    {"do_copy_in_default_stream", "1"}};
  if (plan.capture) wanted.emplace_back("enable_cuda_graph", "1");
  // Products of full precision, as the tolerance says. Older ones have no such option, nor TF32.
  // All options in one call: each call puts those that it does not name back to their defaults.
  Options precise = wanted;
  precise.emplace_back("use_tf32", "0");
  if (!library.check(set(precise, update), "turn TF32 off").ok()) {
    status = library.check(set(wanted, update), "set CUDA options");
  }
  if (status.ok()) {
    status = set_queue(library, plan.queue, cuda, api.UpdateCUDAProviderOptionsWithValue);
  }
  if (status.ok()) {
    status = library.check(api.SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda),
                           "start CUDA");
  }
  api.ReleaseCUDAProviderOptions(cuda);
  return status;
}

Status append_tensorrt(const ort::Library& library, const ProviderPlan& plan,
                       ort::SessionOptions* options) {
  if (!library.has_provider("TensorrtExecutionProvider")) return missing(library, "TensorRT");
  const auto& api = library.api();
  ort::TensorRtOptions* trt = nullptr;
  Status status = library.check(api.CreateTensorRTProviderOptions(&trt), "create TensorRT options");
  if (!status.ok()) return status;
  Options wanted = {{"device_id", std::to_string(plan.device)},
                    {"trt_fp16_enable", plan.half ? "1" : "0"}};
  if (!plan.cache_folder.empty()) {
    wanted.emplace_back("trt_engine_cache_enable", "1");
    wanted.emplace_back("trt_engine_cache_path", plan.cache_folder);
    wanted.emplace_back("trt_timing_cache_enable", "1");
  }
  if (!plan.shapes[0].empty()) {
    wanted.emplace_back("trt_profile_min_shapes", plan.shapes[0]);
    wanted.emplace_back("trt_profile_opt_shapes", plan.shapes[1]);
    wanted.emplace_back("trt_profile_max_shapes", plan.shapes[2]);
  }
  const auto update = [&](const char* const* keys, const char* const* values, std::size_t count) {
    return api.UpdateTensorRTProviderOptions(trt, keys, values, count);
  };
  status = library.check(set(wanted, update), "set TensorRT options");
  if (status.ok()) {
    status = set_queue(library, plan.queue, trt, api.UpdateTensorRTProviderOptionsWithValue);
  }
  if (status.ok()) {
    status = library.check(api.SessionOptionsAppendExecutionProvider_TensorRT_V2(options, trt),
                           "start TensorRT");
  }
  api.ReleaseTensorRTProviderOptions(trt);
  // What TensorRT cannot do, CUDA does.
  return status.ok() ? append_cuda(library, plan, options) : status;
}

}  // namespace

const char* provider_name(Provider provider) {
  switch (provider) {
    case Provider::kCuda: return "CUDA";
    case Provider::kTensorRt: return "TensorRT";
    default: return "CPU";
  }
}

Status append_provider(const ort::Library& library, const ProviderPlan& plan,
                       ort::SessionOptions* options) {
  if (plan.provider == Provider::kCuda) return append_cuda(library, plan, options);
  if (plan.provider == Provider::kTensorRt) return append_tensorrt(library, plan, options);
  return {};
}

bool names_graphs(const ort::Library& library) { return library.at_least(1, 18); }

std::string input_shapes(const Manifest& m, const std::vector<std::size_t>& axes,
                         std::size_t rows) {
  std::string text;
  const auto add = [&](const std::string& name, std::vector<std::int64_t> shape, std::size_t axis) {
    if (name.empty()) return;
    shape[axis] = static_cast<std::int64_t>(rows);
    text += (text.empty() ? "" : ",") + name + ":";
    for (std::size_t i = 0; i < shape.size(); ++i) {
      text += (i > 0 ? "x" : "") + std::to_string(shape[i]);
    }
  };
  add(m.audio_input, {1, m.window_length}, 0);
  add(m.emotion_input, {1, static_cast<std::int64_t>(kEmotionCount)}, 0);
  add(m.identity_input, {1, static_cast<std::int64_t>(m.identities.size())}, 0);
  add(m.noise_input, {1, static_cast<std::int64_t>(m.noise_size)}, 0);
  for (std::size_t i = 0; i < m.state.size(); ++i) {
    add(m.state[i].input, m.state[i].shape, axes[i]);
  }
  return text;
}

}  // namespace talkface
