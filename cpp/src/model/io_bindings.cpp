#include "model/io_bindings.h"

#include <utility>

namespace talkface {

Status IoBindings::create(std::shared_ptr<OrtSession> session, std::unique_ptr<IoBindings>* out) {
  std::unique_ptr<IoBindings> made(new IoBindings(std::move(session)));
  const ort::Library& library = made->session_->library();
  Status status = library.check(library.api().CreateCpuMemoryInfo(
                                    ort::kArenaAllocator, ort::kDefaultMemory, &made->memory_),
                                "name memory");
  if (status.ok()) *out = std::move(made);
  return status;
}

IoBindings::~IoBindings() {
  const auto& api = session_->library().api();
  for (const Binding& binding : bindings_) {
    if (binding.handle != nullptr) api.ReleaseIoBinding(binding.handle);
  }
  for (ort::Value* value : values_) api.ReleaseValue(value);
  if (memory_ != nullptr) api.ReleaseMemoryInfo(memory_);
}

Status IoBindings::wrap(float* data, const std::vector<std::int64_t>& shape, ort::Value** out) {
  std::size_t count = 1;
  for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
  const ort::Library& library = session_->library();
  Status status = library.check(
      library.api().CreateTensorWithDataAsOrtValue(memory_, data, count * sizeof(float),
                                                   shape.data(), shape.size(), ort::kFloat, out),
      "wrap a tensor");
  if (status.ok()) values_.push_back(*out);
  return status;
}

Status IoBindings::add(std::vector<Bound> inputs, std::vector<Bound> outputs, std::size_t* index) {
  const ort::Library& library = session_->library();
  bindings_.push_back({nullptr, std::move(inputs), std::move(outputs)});
  Binding& binding = bindings_.back();
  *index = bindings_.size() - 1;
  Status status =
      library.check(library.api().CreateIoBinding(session_->handle(), &binding.handle), "bind");
  return status.ok() ? bind(binding) : status;
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

Status IoBindings::run(std::size_t index) {
  const ort::LogScope scope(session_->log());
  const Binding& binding = bindings_[index];
  // Binding copies an input to another device at the time it is bound, so CUDA binds every step.
  if (session_->provider() == Provider::kCuda) {
    Status status = bind(binding);
    if (!status.ok()) return status;
  }
  const ort::Library& library = session_->library();
  return library.check(library.api().RunWithBinding(session_->handle(), nullptr, binding.handle),
                       "run the graph");
}

}  // namespace talkface
