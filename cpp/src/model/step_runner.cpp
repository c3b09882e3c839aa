#include "model/step_runner.h"

#include <algorithm>
#include <utility>

#include "anim/head.h"
#include "anim/rig.h"

namespace talkface {
namespace {

std::int64_t wide(std::size_t size) { return static_cast<std::int64_t>(size); }

}  // namespace

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
  expression_.width = m.expression_channels.size();
  head_.width = m.head_output.empty() ? 0 : kHeadValues;
  emotion_in_.width = m.emotion_input.empty() ? 0 : kEmotionCount;
  identity_in_.width = m.identities.size();
  noise_in_.width = m.noise_size;
  parts.emplace_back(&audio_, static_cast<std::size_t>(m.window_length));
  parts.emplace_back(&states_[0], state_count_);
  parts.emplace_back(&states_[1], state_count_);
  for (Buffer* input : {&emotion_in_, &identity_in_, &noise_in_}) {
    if (input->width > 0) parts.emplace_back(&input->data, input->width);
  }
  for (Buffer* output : {&weights_, &visemes_, &closure_, &emotion_, &expression_, &head_}) {
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
  const auto condition = [&](const std::string& name, const Buffer& buffer) {
    if (buffer.data != nullptr) {
      both(inputs_, name, buffer.data, buffer.width, {1, wide(buffer.width)});
    }
  };
  condition(m.emotion_input, emotion_in_);
  condition(m.identity_input, identity_in_);
  condition(m.noise_input, noise_in_);
  const auto output = [&](const std::string& name, const Buffer& buffer, bool flat) {
    if (buffer.data == nullptr) return;
    std::vector<std::int64_t> shape = {1, frames};
    if (!flat) shape.push_back(wide(buffer.width));
    both(bound_outputs_, name, buffer.data, buffer.width * m.frames_per_step, shape);
  };
  output(m.weights_output, weights_, false);
  output(m.visemes_output, visemes_, false);
  output(m.closure_output, closure_, true);
  output(m.emotion_output, emotion_, false);
  output(m.expression_output, expression_, false);
  output(m.head_output, head_, false);
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
