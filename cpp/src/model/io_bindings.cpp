#include "model/io_bindings.h"

#include <utility>

namespace talkface {

IoBindings::IoBindings(std::shared_ptr<OrtSession> session)
    : session_(std::move(session)), device_(session_->device_memory()) {}

Status IoBindings::create(std::shared_ptr<OrtSession> session, std::unique_ptr<IoBindings>* out) {
  std::unique_ptr<IoBindings> made(new IoBindings(std::move(session)));
  const ort::Library& library = made->session_->library();
  const auto& api = library.api();
  Status status = library.check(
      api.CreateCpuMemoryInfo(ort::kArenaAllocator, ort::kDefaultMemory, &made->host_info_),
      "name memory");
  if (status.ok() && made->device_ != nullptr) {
    status = library.check(
        api.CreateMemoryInfo(made->device_->name(), ort::kDeviceAllocator, made->device_->index(),
                             ort::kDefaultMemory, &made->device_info_),
        "name memory of the device");
  }
  if (status.ok()) *out = std::move(made);
  return status;
}

IoBindings::~IoBindings() {
  const auto& api = session_->library().api();
  for (const Binding& binding : bindings_) {
    if (binding.handle != nullptr) api.ReleaseIoBinding(binding.handle);
    if (binding.options != nullptr) api.ReleaseRunOptions(binding.options);
  }
  for (ort::Value* value : values_) api.ReleaseValue(value);
  for (ort::MemoryInfo* info : {host_info_, device_info_}) {
    if (info != nullptr) api.ReleaseMemoryInfo(info);
  }
}

Status IoBindings::mirror(Span<float> host) {
  if (device_ == nullptr || host.size == 0) return {};
  std::unique_ptr<DeviceTwin> twin;
  Status status = DeviceTwin::create(device_, host, &twin);
  if (status.ok()) twins_.push_back(std::move(twin));
  return status;
}

DeviceTwin* IoBindings::twin_of(const float* host) const {
  for (const auto& twin : twins_) {
    if (twin->covers(host)) return twin.get();
  }
  return nullptr;
}

Status IoBindings::wrap(float* data, const std::vector<std::int64_t>& shape, ort::Value** out) {
  std::size_t count = 1;
  for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
  const DeviceTwin* twin = twin_of(data);
  const ort::Library& library = session_->library();
  Status status = library.check(
      library.api().CreateTensorWithDataAsOrtValue(
          twin != nullptr ? device_info_ : host_info_, twin != nullptr ? twin->at(data) : data,
          count * sizeof(float), shape.data(), shape.size(), ort::kFloat, out),
      "wrap a tensor");
  if (status.ok()) values_.push_back(*out);
  return status;
}

Status IoBindings::add(std::vector<Bound> inputs, std::vector<Bound> outputs, std::size_t* index) {
  const ort::Library& library = session_->library();
  const auto& api = library.api();
  bindings_.push_back({nullptr, nullptr, std::move(inputs), std::move(outputs)});
  Binding& binding = bindings_.back();
  *index = bindings_.size() - 1;
  Status status = library.check(api.CreateIoBinding(session_->handle(), &binding.handle), "bind");
  if (status.ok()) status = bind(binding);
  if (!status.ok() || !session_->captures_graphs()) return status;
  // A captured graph knows its addresses and its batch size, so every binding has one of its own.
  const std::string id = std::to_string(session_->next_graph_id());
  status = library.check(api.CreateRunOptions(&binding.options), "create run options");
  if (!status.ok()) return status;
  return library.check(api.AddRunConfigEntry(binding.options, "gpu_graph_id", id.c_str()),
                       "name a CUDA graph");
}

Status IoBindings::bind(const Binding& binding) const {
  const ort::Library& library = session_->library();
  Status status;
  for (const Bound& input : binding.inputs) {
    if (!status.ok()) return status;
    status = library.check(library.api().BindInput(binding.handle, input.name.c_str(), input.value),
                           "bind an input");
  }
  for (const Bound& output : binding.outputs) {
    if (!status.ok()) return status;
    status =
        library.check(library.api().BindOutput(binding.handle, output.name.c_str(), output.value),
                      "bind an output");
  }
  return status;
}

Status IoBindings::upload(Span<const float> host) {
  DeviceTwin* twin = twin_of(host.data);
  return twin == nullptr ? Status() : twin->upload(host.data, host.size);
}

Status IoBindings::download(Span<float> host) {
  DeviceTwin* twin = twin_of(host.data);
  return twin == nullptr ? Status() : twin->download(host.data, host.size);
}

Status IoBindings::synchronize() { return device_ == nullptr ? Status() : device_->synchronize(); }

Status IoBindings::run(std::size_t index) {
  const ort::LogScope scope(session_->log());
  const Binding& binding = bindings_[index];
  // Without twins ONNX Runtime copies an input to its device at the time it is bound.
  if (session_->provider() != Provider::kCpu && device_ == nullptr) {
    Status status = bind(binding);
    if (!status.ok()) return status;
  }
  const ort::Library& library = session_->library();
  return library.check(
      library.api().RunWithBinding(session_->handle(), binding.options, binding.handle),
      "run the graph");
}

}  // namespace talkface
