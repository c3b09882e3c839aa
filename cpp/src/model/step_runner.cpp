#include "model/step_runner.h"

#include <algorithm>
#include <utility>

namespace talkface {

StepRunner::StepRunner(const Manifest& m) : ports_(m, 1), state_count_(m.state_count()) {
  FloatArena arena;
  const std::size_t offsets[] = {arena.reserve(state_count_), arena.reserve(state_count_)};
  float* begin = arena.fill(&arena_);
  for (int set = 0; set < 2; ++set) states_[set] = begin + offsets[set];
  states_memory_ = {begin, arena.size()};
}

Status StepRunner::create(std::shared_ptr<OrtSession> session, const Manifest& manifest,
                          std::unique_ptr<StepRunner>* out) {
  const LogSink log = session->log();
  const ort::LogScope scope(log);
  std::unique_ptr<StepRunner> runner(new StepRunner(manifest));
  Status status = IoBindings::create(std::move(session), &runner->bindings_);
  if (status.ok()) status = runner->bindings_->mirror(runner->ports_.memory());
  if (status.ok()) status = runner->bindings_->mirror(runner->states_memory_);
  if (status.ok()) status = runner->bind(manifest);
  if (status.ok()) *out = std::move(runner);
  return status;
}

Status StepRunner::bind(const Manifest& m) {
  std::vector<IoBindings::Bound> inputs[2];
  std::vector<IoBindings::Bound> outputs[2];
  Status status;
  const auto wrapped = [&](float* data, const std::vector<std::int64_t>& shape) {
    ort::Value* value = nullptr;
    if (status.ok()) status = bindings_->wrap(data, shape, &value);
    return value;
  };
  const auto both = [&](std::vector<IoBindings::Bound>* lists,
                        const std::vector<StepPorts::Port>& ports) {
    for (const StepPorts::Port& port : ports) {
      ort::Value* value = wrapped(port.data, port.shape);
      for (int set = 0; set < 2; ++set) lists[set].push_back({port.name, value});
    }
  };
  both(inputs, ports_.inputs());
  both(outputs, ports_.outputs());
  std::size_t offset = 0;
  for (const StateTensor& tensor : m.state) {
    for (int set = 0; set < 2; ++set) {
      ort::Value* value = wrapped(states_[set] + offset, tensor.shape);
      inputs[set].push_back({tensor.input, value});
      outputs[1 - set].push_back({tensor.output, value});
    }
    offset += tensor.count;
  }
  for (int set = 0; set < 2 && status.ok(); ++set) {
    std::size_t index = 0;
    status = bindings_->add(std::move(inputs[set]), std::move(outputs[set]), &index);
  }
  return status;
}

Status StepRunner::run() {
  Status status;
  const auto step = [&](auto action) {
    if (status.ok()) status = action();
  };
  for (const StepPorts::Port& port : ports_.inputs()) {
    step([&] { return bindings_->upload({port.data, port.count}); });
  }
  if (host_is_newer_) {
    step([&] { return bindings_->upload({states_[current_], state_count_}); });
  }
  step([&] { return bindings_->run(static_cast<std::size_t>(current_)); });
  for (const StepPorts::Port& port : ports_.outputs()) {
    step([&] { return bindings_->download({port.data, port.count}); });
  }
  step([&] { return bindings_->synchronize(); });
  if (!status.ok()) return status;
  current_ = 1 - current_;
  host_is_newer_ = !bindings_->on_device();
  return status;
}

bool StepRunner::finite() const {
  return ports_.finite(0) &&
         (bindings_->on_device() || all_finite(states_[current_], state_count_));
}

void StepRunner::set_state(const float* values) {
  std::copy_n(values, state_count_, states_[current_]);
  host_is_newer_ = true;
}

Status StepRunner::get_state(float* values) {
  Status status;
  if (!host_is_newer_) {
    status = bindings_->download({states_[current_], state_count_});
    if (status.ok()) status = bindings_->synchronize();
    host_is_newer_ = status.ok();
  }
  std::copy_n(states_[current_], state_count_, values);
  return status;
}

}  // namespace talkface
