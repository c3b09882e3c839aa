#include "model/step_runner.h"

#include <utility>

namespace talkface {

StepRunner::StepRunner(const Manifest& m) : ports_(m, 1), state_count_(m.state_count()) {
  FloatArena arena;
  const std::size_t offsets[] = {arena.reserve(state_count_), arena.reserve(state_count_)};
  float* begin = arena.fill(&arena_);
  for (int set = 0; set < 2; ++set) states_[set] = begin + offsets[set];
}

Status StepRunner::create(std::shared_ptr<OrtSession> session, const Manifest& manifest,
                          std::unique_ptr<StepRunner>* out) {
  const LogSink log = session->log();
  const ort::LogScope scope(log);
  std::unique_ptr<StepRunner> runner(new StepRunner(manifest));
  Status status = IoBindings::create(std::move(session), &runner->bindings_);
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
  Status status = bindings_->run(static_cast<std::size_t>(current_));
  if (status.ok()) current_ = 1 - current_;
  return status;
}

bool StepRunner::finite() const {
  return ports_.finite(0) && all_finite(states_[current_], state_count_);
}

}  // namespace talkface
