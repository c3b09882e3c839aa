#include "model/ort_session.h"

#include <algorithm>

#include "anim/rig.h"
#include "model/onnx_scan.h"

namespace talkface {
namespace {

Status mismatch(const std::string& what) {
  return {Code::kBadBundle, "the graph does not match manifest.json: " + what};
}

// Names and shapes of a graph's inputs or outputs.
struct Port {
  std::string name;
  std::vector<std::int64_t> shape;  // -1 where symbolic
  std::int32_t type = 0;
};

Status list_ports(const ort::Library& library, ort::Session* session, bool inputs,
                  std::vector<Port>* ports) {
  const auto& api = library.api();
  ort::Allocator* allocator = nullptr;
  Status status = library.check(api.GetAllocatorWithDefaultOptions(&allocator), "get an allocator");
  if (!status.ok()) return status;
  std::size_t count = 0;
  status = library.check(inputs ? api.SessionGetInputCount(session, &count)
                                : api.SessionGetOutputCount(session, &count),
                         "count ports");
  for (std::size_t i = 0; i < count && status.ok(); ++i) {
    Port port;
    char* name = nullptr;
    status = library.check(inputs ? api.SessionGetInputName(session, i, allocator, &name)
                                  : api.SessionGetOutputName(session, i, allocator, &name),
                           "read a name");
    if (!status.ok()) break;
    port.name = name;
    status = library.check(api.AllocatorFree(allocator, name), "free a name");
    ort::TypeInfo* type = nullptr;
    if (status.ok()) {
      status = library.check(inputs ? api.SessionGetInputTypeInfo(session, i, &type)
                                    : api.SessionGetOutputTypeInfo(session, i, &type),
                             "read a type");
    }
    if (!status.ok()) break;
    const ort::TensorInfo* tensor = nullptr;
    std::size_t rank = 0;
    status = library.check(api.CastTypeInfoToTensorInfo(type, &tensor), "read a type");
    if (status.ok() && tensor != nullptr) {
      status = library.check(api.GetTensorElementType(tensor, &port.type), "read a type");
      if (status.ok())
        status = library.check(api.GetDimensionsCount(tensor, &rank), "read a shape");
      port.shape.resize(rank);
      if (status.ok()) {
        status = library.check(api.GetDimensions(tensor, port.shape.data(), rank), "read a shape");
      }
    }
    api.ReleaseTypeInfo(type);
    ports->push_back(std::move(port));
  }
  return status;
}

std::string describe(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i ? ", " : "") + std::to_string(shape[i]);
  }
  return text + "]";
}

Status expect(const std::vector<Port>& ports, const char* kind, const std::string& name,
              const std::vector<std::int64_t>& shape) {
  const auto found =
      std::find_if(ports.begin(), ports.end(), [&](const Port& port) { return port.name == name; });
  if (found == ports.end()) return mismatch(std::string("it has no ") + kind + " " + name);
  if (found->type != ort::kFloat) return mismatch(name + " is not float32");
  bool fits = found->shape.size() == shape.size();
  for (std::size_t i = 0; fits && i < shape.size(); ++i) {
    fits = found->shape[i] < 0 || found->shape[i] == shape[i];
  }
  if (!fits) return mismatch(name + " is " + describe(found->shape) + ", not " + describe(shape));
  return {};
}

std::int64_t wide(std::size_t n) { return static_cast<std::int64_t>(n); }

}  // namespace

Status OrtSession::open(const Bundle& bundle, std::shared_ptr<ort::Library> library,
                        const SessionConfig& config, const LogSink& log,
                        std::shared_ptr<OrtSession>* out) {
  Status status = refuse_external_data(bundle.graph);
  if (!status.ok()) return status;
  std::shared_ptr<OrtSession> session(new OrtSession());
  session->library_ = std::move(library);
  session->log_ = log;
  if (config.provider == Provider::kCuda) {
    status = session->create(bundle, config, Provider::kCuda);
    if (!status.ok()) {
      session->provider_note_ = status.message();
      log(LogLevel::kWarning, "CUDA is not in use, running on the CPU: " + status.message());
    }
  }
  if (session->session_ == nullptr) status = session->create(bundle, config, Provider::kCpu);
  if (!status.ok()) return status;
  status = session->check_signature(bundle.manifest);
  if (!status.ok()) return status;
  *out = std::move(session);
  return {};
}

OrtSession::~OrtSession() {
  if (session_ != nullptr) library_->api().ReleaseSession(session_);
}

Status OrtSession::create(const Bundle& bundle, const SessionConfig& config, Provider provider) {
  const auto& api = library_->api();
  ort::SessionOptions* options = nullptr;
  Status status = library_->check(api.CreateSessionOptions(&options), "create session options");
  if (!status.ok()) return status;
  const auto step = [&](ort::StatusObject* result, const char* what) {
    const Status next = library_->check(result, what);
    if (status.ok()) status = next;
  };
  step(api.SetIntraOpNumThreads(options, config.threads), "set threads");
  step(api.SetInterOpNumThreads(options, 1), "set threads");
  step(api.SetSessionLogSeverityLevel(options, ort::kLogWarning), "set the log level");
  step(api.SetSessionGraphOptimizationLevel(options, ort::kOptimizeAll), "set optimisation");
  // Spinning threads would steal the game's cores.
  step(api.AddSessionConfigEntry(options, "session.intra_op.allow_spinning", "0"), "stop spinning");
  step(api.AddSessionConfigEntry(options, "session.inter_op.allow_spinning", "0"), "stop spinning");
  if (status.ok() && provider == Provider::kCuda) status = append_cuda(options, config.device);
  if (status.ok()) {
    status = library_->check(api.CreateSessionFromArray(library_->env(), bundle.graph.data(),
                                                        bundle.graph.size(), options, &session_),
                             "load the graph");
    if (status.ok()) provider_ = provider;
  }
  api.ReleaseSessionOptions(options);
  return status;
}

Status OrtSession::append_cuda(ort::SessionOptions* options, int device) const {
  if (!library_->has_provider("CUDAExecutionProvider")) {
    return {Code::kRuntimeFailed, "ONNX Runtime " + library_->version() + " at " +
                                      library_->path() +
                                      " is built without CUDA; pip install onnxruntime-gpu"};
  }
  const auto& api = library_->api();
  ort::CudaOptions* cuda = nullptr;
  Status status = library_->check(api.CreateCUDAProviderOptions(&cuda), "create CUDA options");
  if (!status.ok()) return status;
  const std::string index = std::to_string(device);
  const char* keys[] = {"device_id", "cudnn_conv_algo_search"};
  const char* values[] = {index.c_str(), "HEURISTIC"};
  status =
      library_->check(api.UpdateCUDAProviderOptions(cuda, keys, values, 2), "set CUDA options");
  if (status.ok()) {
    status = library_->check(api.SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda),
                             "start CUDA");
  }
  api.ReleaseCUDAProviderOptions(cuda);
  return status;
}

Status OrtSession::check_signature(const Manifest& m) const {
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  Status status = list_ports(*library_, session_, true, &inputs);
  if (status.ok()) status = list_ports(*library_, session_, false, &outputs);
  if (!status.ok()) return status;
  const auto frames = static_cast<std::int64_t>(m.frames_per_step);
  const auto input = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
    if (status.ok()) status = expect(inputs, "input", name, shape);
  };
  const auto output = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
    if (status.ok() && !name.empty()) status = expect(outputs, "output", name, shape);
  };
  input(m.audio_input, {1, m.window_length});
  output(m.weights_output, {1, frames, wide(m.channels.size())});
  output(m.visemes_output, {1, frames, wide(kVisemeCount)});
  output(m.closure_output, {1, frames});
  output(m.emotion_output, {1, frames, wide(kEmotionCount) + 2});
  for (const StateTensor& tensor : m.state) {
    input(tensor.input, tensor.shape);
    output(tensor.output, tensor.shape);
  }
  if (status.ok() && inputs.size() != m.state.size() + 1) {
    return mismatch("it has " + std::to_string(inputs.size()) + " inputs, the manifest names " +
                    std::to_string(m.state.size() + 1));
  }
  return status;
}

StepRunner::StepRunner(std::shared_ptr<OrtSession> session, const Manifest& m)
    : session_(std::move(session)) {
  constexpr std::size_t kAlign = 16;  // floats: one cache line
  const auto frames = static_cast<std::size_t>(m.frames_per_step);
  std::vector<std::pair<float**, std::size_t>> parts;
  for (const StateTensor& tensor : m.state) {
    state_count_ += tensor.count;
    if (tensor.initial.empty()) {
      initial_.insert(initial_.end(), tensor.count, 0.0f);
    } else {
      initial_.insert(initial_.end(), tensor.initial.begin(), tensor.initial.end());
    }
  }
  weights_.width = m.channels.size();
  visemes_.width = m.visemes_output.empty() ? 0 : kVisemeCount;
  closure_.width = m.closure_output.empty() ? 0 : 1;
  emotion_.width = m.emotion_output.empty() ? 0 : kEmotionCount + 2;
  parts.emplace_back(&audio_, static_cast<std::size_t>(m.window_length));
  parts.emplace_back(&states_[0], state_count_);
  parts.emplace_back(&states_[1], state_count_);
  for (Output* output : {&weights_, &visemes_, &closure_, &emotion_}) {
    if (output->width > 0) parts.emplace_back(&output->data, output->width * frames);
  }
  std::size_t total = kAlign;
  for (const auto& [pointer, count] : parts) total += (count + kAlign - 1) / kAlign * kAlign;
  arena_.assign(total, 0.0f);
  float* at = arena_.data();
  while (reinterpret_cast<std::uintptr_t>(at) % (kAlign * sizeof(float)) != 0) ++at;
  for (const auto& [pointer, count] : parts) {
    *pointer = at;
    at += (count + kAlign - 1) / kAlign * kAlign;
  }
  outputs_begin_ = weights_.data;
  outputs_count_ = static_cast<std::size_t>(at - weights_.data);
}

Status StepRunner::create(std::shared_ptr<OrtSession> session, const Manifest& manifest,
                          std::unique_ptr<StepRunner>* out) {
  std::unique_ptr<StepRunner> runner(new StepRunner(std::move(session), manifest));
  const ort::LogScope scope(runner->session_->log());
  Status status = runner->bind(manifest);
  if (!status.ok()) return status;
  runner->reset();
  *out = std::move(runner);
  return {};
}

StepRunner::~StepRunner() {
  const auto& api = session_->library().api();
  for (ort::IoBinding* binding : bindings_) {
    if (binding != nullptr) api.ReleaseIoBinding(binding);
  }
  for (ort::Value* value : values_) api.ReleaseValue(value);
  if (memory_ != nullptr) api.ReleaseMemoryInfo(memory_);
}

Status StepRunner::add_value(float* data, std::size_t count, const std::vector<std::int64_t>& shape,
                             ort::Value** out) {
  const auto& library = session_->library();
  Status status = library.check(
      library.api().CreateTensorWithDataAsOrtValue(memory_, data, count * sizeof(float),
                                                   shape.data(), shape.size(), ort::kFloat, out),
      "wrap a tensor");
  if (status.ok()) values_.push_back(*out);
  return status;
}

Status StepRunner::bind(const Manifest& m) {
  const auto& library = session_->library();
  const auto& api = library.api();
  Status status = library.check(
      api.CreateCpuMemoryInfo(ort::kArenaAllocator, ort::kDefaultMemory, &memory_), "name memory");
  const auto frames = static_cast<std::int64_t>(m.frames_per_step);
  const auto both = [&](std::vector<Named>* lists, const std::string& name, float* data,
                        std::size_t count, const std::vector<std::int64_t>& shape) {
    ort::Value* value = nullptr;
    if (status.ok()) status = add_value(data, count, shape, &value);
    lists[0].push_back({name, value});
    lists[1].push_back({name, value});
  };
  both(inputs_, m.audio_input, audio_, static_cast<std::size_t>(m.window_length),
       {1, m.window_length});
  const auto output = [&](const std::string& name, const Output& buffer, bool flat) {
    if (buffer.data == nullptr) return;
    std::vector<std::int64_t> shape = {1, frames};
    if (!flat) shape.push_back(wide(buffer.width));
    both(bound_outputs_, name, buffer.data, buffer.width * m.frames_per_step, shape);
  };
  output(m.weights_output, weights_, false);
  output(m.visemes_output, visemes_, false);
  output(m.closure_output, closure_, true);
  output(m.emotion_output, emotion_, false);
  std::size_t offset = 0;
  for (const StateTensor& tensor : m.state) {
    for (int set = 0; set < 2; ++set) {
      ort::Value* value = nullptr;
      if (status.ok())
        status = add_value(states_[set] + offset, tensor.count, tensor.shape, &value);
      inputs_[set].push_back({tensor.input, value});
      bound_outputs_[1 - set].push_back({tensor.output, value});
    }
    offset += tensor.count;
  }
  for (int set = 0; set < 2 && status.ok(); ++set) {
    status = library.check(api.CreateIoBinding(session_->handle(), &bindings_[set]), "bind");
    if (status.ok()) status = bind_all(set);
  }
  return status;
}

Status StepRunner::bind_all(int set) {
  const auto& library = session_->library();
  Status status;
  for (const Named& input : inputs_[set]) {
    if (!status.ok()) return status;
    status = library.check(library.api().BindInput(bindings_[set], input.name.c_str(), input.value),
                           "bind an input");
  }
  for (const Named& output : bound_outputs_[set]) {
    if (!status.ok()) return status;
    status =
        library.check(library.api().BindOutput(bindings_[set], output.name.c_str(), output.value),
                      "bind an output");
  }
  return status;
}

void StepRunner::reset() {
  current_ = 0;
  std::copy(initial_.begin(), initial_.end(), states_[0]);
  std::fill_n(states_[1], state_count_, 0.0f);
}

Status StepRunner::run() {
  const ort::LogScope scope(session_->log());
  const auto& library = session_->library();
  // Binding copies an input to another device at the time it is bound, so CUDA binds every step.
  if (session_->provider() == Provider::kCuda) {
    Status status = bind_all(current_);
    if (!status.ok()) return status;
  }
  Status status =
      library.check(library.api().RunWithBinding(session_->handle(), nullptr, bindings_[current_]),
                    "run the graph");
  if (status.ok()) current_ = 1 - current_;
  return status;
}

bool StepRunner::finite() const {
  // A sum of x * 0 is 0 exactly when every x is finite; cheaper than testing each.
  float sum = 0.0f;
  for (std::size_t i = 0; i < outputs_count_; ++i) sum += outputs_begin_[i] * 0.0f;
  for (std::size_t i = 0; i < state_count_; ++i) sum += states_[current_][i] * 0.0f;
  return sum == 0.0f;
}

}  // namespace talkface
