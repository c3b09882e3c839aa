#include "model/ort_session.h"

#include <algorithm>
#include <array>

#include "anim/head.h"
#include "anim/rig.h"
#include "model/onnx_scan.h"

namespace talkface {
namespace {

constexpr const char* kBatch = "batch";                            // name of a graph's free axis
constexpr std::array<std::size_t, 3> kProfileRows = {1, 32, 256};  // least, usual, most
constexpr std::size_t kNoAxis = SIZE_MAX;
constexpr std::size_t kManyAxes = SIZE_MAX - 1;

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

// `*axis`: the only free axis of a port, or kNoAxis.
Status expect(const std::vector<Port>& ports, const char* kind, const std::string& name,
              const std::vector<std::int64_t>& shape, std::size_t* axis) {
  const auto found =
      std::find_if(ports.begin(), ports.end(), [&](const Port& port) { return port.name == name; });
  if (found == ports.end()) return mismatch(std::string("it has no ") + kind + " " + name);
  if (found->type != ort::kFloat) return mismatch(name + " is not float32");
  bool fits = found->shape.size() == shape.size();
  for (std::size_t i = 0; fits && i < shape.size(); ++i) {
    fits = found->shape[i] < 0 || found->shape[i] == shape[i];
  }
  *axis = kNoAxis;
  for (std::size_t i = 0; fits && i < shape.size(); ++i) {
    if (found->shape[i] >= 0) continue;
    *axis = *axis == kNoAxis && shape[i] == 1 ? i : kManyAxes;
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
  for (const ProviderPlan& plan : session->plans(bundle, config)) {
    status = session->create(bundle, config, plan);
    if (status.ok()) break;
    if (plan.provider != Provider::kCpu) {
      session->note(std::string(provider_name(plan.provider)) +
                    (plan.capture ? " with graphs" : "") + " is not in use: " + status.message());
    }
  }
  if (!status.ok()) return status;
  status = session->check_signature(bundle.manifest);
  if (!status.ok()) return status;
  *out = std::move(session);
  return {};
}

OrtSession::~OrtSession() {
  if (session_ != nullptr) library_->api().ReleaseSession(session_);
}

void OrtSession::note(const std::string& text) {
  if (!provider_note_.empty()) provider_note_ += "; ";
  provider_note_ += text;
  log_(LogLevel::kWarning, text);
}

// What is tried, the CPU last.
std::vector<ProviderPlan> OrtSession::plans(const Bundle& bundle, const SessionConfig& config) {
  std::vector<ProviderPlan> list;
  memory_ = config.memory;
  ProviderPlan plan;
  if (config.provider != Provider::kCpu) {
    plan.device = config.device;
    plan.half = bundle.manifest.precision == "fp16";
    plan.cache_folder = config.cache_folder;
    if (memory_ == nullptr && library_->has_provider("CUDAExecutionProvider")) {
      const Status status = open_cuda_memory(config.device, config.cuda_stream, &memory_);
      if (!status.ok()) note("states stay in the host's memory: " + status.message());
    }
    plan.queue = memory_ != nullptr ? memory_->queue() : config.cuda_stream;
  }
  if (config.provider == Provider::kTensorRt) {
    plan.provider = Provider::kTensorRt;
    if (!config.state_axes.empty()) {
      for (std::size_t i = 0; i < kProfileRows.size(); ++i) {
        plan.shapes[i] = input_shapes(bundle.manifest, config.state_axes, kProfileRows[i]);
      }
    }
    list.push_back(plan);
  }
  if (config.provider != Provider::kCpu) {
    plan.provider = Provider::kCuda;
    if (config.cuda_graph && config.free_batch && memory_ != nullptr) {
      plan.capture = names_graphs(*library_);
      if (plan.capture) {
        list.push_back(plan);
      } else {
        note("no CUDA graphs: ONNX Runtime " + library_->version() + " is older than 1.18");
      }
    }
    plan.capture = false;
    list.push_back(plan);
  }
  list.emplace_back();
  return list;
}

Status OrtSession::create(const Bundle& bundle, const SessionConfig& config,
                          const ProviderPlan& plan) {
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
  if (!config.free_batch) {
    step(api.AddFreeDimensionOverrideByName(options, kBatch, 1), "fix the batch");
  }
  // Spinning threads would steal the game's cores.
  step(api.AddSessionConfigEntry(options, "session.intra_op.allow_spinning", "0"), "stop spinning");
  step(api.AddSessionConfigEntry(options, "session.inter_op.allow_spinning", "0"), "stop spinning");
  if (status.ok()) status = append_provider(*library_, plan, options);
  if (status.ok()) {
    status = library_->check(api.CreateSessionFromArray(library_->env(), bundle.graph.data(),
                                                        bundle.graph.size(), options, &session_),
                             "load the graph");
    if (status.ok()) {
      provider_ = plan.provider;
      captures_ = plan.capture;
      if (provider_ == Provider::kCpu) memory_ = config.memory;
    }
  }
  api.ReleaseSessionOptions(options);
  return status;
}

Status OrtSession::check_signature(const Manifest& m) {
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  Status status = list_ports(*library_, session_, true, &inputs);
  if (status.ok()) status = list_ports(*library_, session_, false, &outputs);
  if (!status.ok()) return status;
  const auto frames = static_cast<std::int64_t>(m.frames_per_step);
  std::size_t axis = kNoAxis;
  bool first = true;  // the batch comes first in every port but the states
  const auto input = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
    if (status.ok()) status = expect(inputs, "input", name, shape, &axis);
    first = first && axis == 0;
  };
  const auto output = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
    if (!status.ok() || name.empty()) return;
    status = expect(outputs, "output", name, shape, &axis);
    first = first && axis == 0;
  };
  input(m.audio_input, {1, m.window_length});
  std::size_t count = 1 + m.state.size();
  const auto condition = [&](const std::string& name, std::size_t width) {
    if (name.empty()) return;
    input(name, {1, wide(width)});
    ++count;
  };
  condition(m.emotion_input, kEmotionCount);
  condition(m.identity_input, m.identity_size);
  condition(m.noise_input, m.noise_size);
  output(m.weights_output, {1, frames, wide(m.channels.size())});
  output(m.visemes_output, {1, frames, wide(kVisemeCount)});
  output(m.closure_output, {1, frames});
  output(m.emotion_output, {1, frames, wide(kEmotionCount) + 2});
  output(m.expression_output, {1, frames, wide(m.expression_channels.size())});
  output(m.head_output, {1, frames, wide(kHeadValues)});
  batches_ = first;
  for (const StateTensor& tensor : m.state) {
    input(tensor.input, tensor.shape);
    batch_axes_.push_back(axis);
    output(tensor.output, tensor.shape);
    batches_ = batches_ && axis == batch_axes_.back() && axis < kManyAxes;
  }
  if (status.ok() && inputs.size() != count) {
    return mismatch("it has " + std::to_string(inputs.size()) + " inputs, the manifest names " +
                    std::to_string(count));
  }
  return status;
}

}  // namespace talkface
