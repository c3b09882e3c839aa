#include "model/batch_runner.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace talkface {
namespace {

constexpr std::size_t kEverySizeUpTo = 8;
constexpr std::size_t kStride = 4;

}  // namespace

std::size_t BatchRunner::padded(std::size_t rows) const {
  if (rows <= kEverySizeUpTo) return rows;
  return std::min((rows + kStride - 1) / kStride * kStride, max_rows_);
}

BatchRunner::BatchRunner(const Manifest& m, const OrtSession& session, std::size_t max_rows)
    : ports_(m, max_rows), max_rows_(max_rows) {
  FloatArena arena;
  std::vector<std::size_t> offsets;
  std::size_t offset = 0;
  for (std::size_t i = 0; i < m.state.size(); ++i) {
    const StateTensor& tensor = m.state[i];
    const std::size_t axis = session.batches() ? session.batch_axes()[i] : 0;
    Tensor t;
    t.offset = offset;
    for (std::size_t d = 0; d < axis; ++d) t.outer *= static_cast<std::size_t>(tensor.shape[d]);
    t.inner = tensor.count / t.outer;
    offset += tensor.count;
    offsets.push_back(arena.reserve(tensor.count * max_rows));
    offsets.push_back(arena.reserve(tensor.count * max_rows));
    tensors_.push_back(t);
  }
  float* begin = arena.fill(&arena_);
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    tensors_[i].in = begin + offsets[2 * i];
    tensors_[i].out = begin + offsets[2 * i + 1];
  }
  states_memory_ = {begin, arena.size()};
}

Status BatchRunner::create(std::shared_ptr<OrtSession> session, const Manifest& manifest,
                           std::size_t max_rows, std::unique_ptr<BatchRunner>* out) {
  const LogSink log = session->log();
  const ort::LogScope scope(log);
  if (!session->batches()) max_rows = 1;
  std::unique_ptr<BatchRunner> runner(new BatchRunner(manifest, *session, max_rows));
  Status status = IoBindings::create(session, &runner->bindings_);
  if (status.ok()) status = runner->bindings_->mirror(runner->ports_.memory());
  if (status.ok()) status = runner->bindings_->mirror(runner->states_memory_);
  runner->binding_of_.resize(max_rows + 1);
  const std::vector<float> initial = manifest.initial_state();
  for (std::size_t rows = 1; rows <= max_rows && status.ok(); ++rows) {
    if (runner->padded(rows) != rows) continue;
    status = runner->bind(manifest, *session, rows);
    runner->begin(rows);
    for (std::size_t row = 0; row < rows; ++row) runner->load(row, initial.data());
    // A CUDA graph is captured after a plain run, then replayed.
    for (int times = session->captures_graphs() ? 3 : 1; times > 0 && status.ok(); --times) {
      status = runner->run();
    }
  }
  if (status.ok()) *out = std::move(runner);
  return status;
}

Status BatchRunner::bind(const Manifest& m, const OrtSession& session, std::size_t rows) {
  std::vector<IoBindings::Bound> inputs;
  std::vector<IoBindings::Bound> outputs;
  Status status;
  const auto add = [&](std::vector<IoBindings::Bound>* list, const std::string& name, float* data,
                       std::vector<std::int64_t> shape, std::size_t axis) {
    if (rows > 1) shape[axis] = static_cast<std::int64_t>(rows);
    ort::Value* value = nullptr;
    if (status.ok()) status = bindings_->wrap(data, shape, &value);
    list->push_back({name, value});
  };
  for (const StepPorts::Port& p : ports_.inputs()) add(&inputs, p.name, p.data, p.shape, 0);
  for (const StepPorts::Port& p : ports_.outputs()) add(&outputs, p.name, p.data, p.shape, 0);
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    const std::size_t axis = session.batches() ? session.batch_axes()[i] : 0;
    const StateTensor& tensor = m.state[i];
    add(&inputs, tensor.input, tensors_[i].in, tensor.shape, axis);
    add(&outputs, tensor.output, tensors_[i].out, tensor.shape, axis);
  }
  if (!status.ok()) return status;
  return bindings_->add(std::move(inputs), std::move(outputs), &binding_of_[rows]);
}

void BatchRunner::begin(std::size_t rows) { rows_ = padded(rows); }

void BatchRunner::load(std::size_t row, const float* state) {
  for (const Tensor& t : tensors_) {
    for (std::size_t o = 0; o < t.outer; ++o) {
      std::memcpy(t.in + (o * rows_ + row) * t.inner, state + t.offset + o * t.inner,
                  t.inner * sizeof(float));
    }
  }
}

Status BatchRunner::run() {
  Status status;
  const auto step = [&](auto action) {
    if (status.ok()) status = action();
  };
  for (const StepPorts::Port& port : ports_.inputs()) {
    step([&] { return bindings_->upload({port.data, rows_ * port.count}); });
  }
  for (const Tensor& t : tensors_) {
    step([&] { return bindings_->upload({t.in, rows_ * t.outer * t.inner}); });
  }
  step([&] { return bindings_->run(binding_of_[rows_]); });
  for (const StepPorts::Port& port : ports_.outputs()) {
    step([&] { return bindings_->download({port.data, rows_ * port.count}); });
  }
  for (const Tensor& t : tensors_) {
    step([&] { return bindings_->download({t.out, rows_ * t.outer * t.inner}); });
  }
  step([&] { return bindings_->synchronize(); });
  return status;
}

void BatchRunner::store(std::size_t row, float* state) const {
  for (const Tensor& t : tensors_) {
    for (std::size_t o = 0; o < t.outer; ++o) {
      std::memcpy(state + t.offset + o * t.inner, t.out + (o * rows_ + row) * t.inner,
                  t.inner * sizeof(float));
    }
  }
}

bool BatchRunner::finite(std::size_t row) const {
  if (!ports_.finite(row)) return false;
  for (const Tensor& t : tensors_) {
    for (std::size_t o = 0; o < t.outer; ++o) {
      if (!all_finite(t.out + (o * rows_ + row) * t.inner, t.inner)) return false;
    }
  }
  return true;
}

}  // namespace talkface
