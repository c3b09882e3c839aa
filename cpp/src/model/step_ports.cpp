#include "model/step_ports.h"

#include "anim/head.h"
#include "anim/rig.h"

namespace talkface {
namespace {

constexpr std::size_t kAlign = 16;  // floats: one cache line
constexpr std::size_t kAbsent = SIZE_MAX;

std::int64_t wide(std::size_t size) { return static_cast<std::int64_t>(size); }

}  // namespace

std::size_t FloatArena::reserve(std::size_t count) {
  const std::size_t offset = total_;
  total_ += (count + kAlign - 1) / kAlign * kAlign;
  return offset;
}

float* FloatArena::fill(std::vector<float>* storage) const {
  storage->assign(total_ + kAlign, 0.0f);
  float* at = storage->data();
  while (reinterpret_cast<std::uintptr_t>(at) % (kAlign * sizeof(float)) != 0) ++at;
  return at;
}

bool all_finite(const float* values, std::size_t count) {
  // A sum of x * 0 is 0 exactly when every x is finite; cheaper than testing each.
  float sum = 0.0f;
  for (std::size_t i = 0; i < count; ++i) sum += values[i] * 0.0f;
  return sum == 0.0f;
}

StepPorts::StepPorts(const Manifest& m, std::size_t rows)
    : frames_(static_cast<std::size_t>(m.frames_per_step)) {
  FloatArena arena;
  std::vector<std::size_t> offsets;
  const auto add = [&](std::vector<Port>* ports, const std::string& name,
                       std::vector<std::int64_t> shape) {
    if (name.empty()) return kAbsent;
    Port port;
    port.name = name;
    port.count = 1;
    for (const std::int64_t size : shape) port.count *= static_cast<std::size_t>(size);
    port.shape = std::move(shape);
    offsets.push_back(arena.reserve(port.count * rows));
    ports->push_back(std::move(port));
    return ports->size() - 1;
  };
  const std::int64_t frames = wide(frames_);
  input_at_[kAudio] = add(&inputs_, m.audio_input, {1, m.window_length});
  input_at_[kEmotion] = add(&inputs_, m.emotion_input, {1, wide(kEmotionCount)});
  input_at_[kIdentity] = add(&inputs_, m.identity_input, {1, wide(m.identities.size())});
  input_at_[kNoise] = add(&inputs_, m.noise_input, {1, wide(m.noise_size)});
  output_at_[kWeights] = add(&outputs_, m.weights_output, {1, frames, wide(m.channels.size())});
  output_at_[kVisemes] = add(&outputs_, m.visemes_output, {1, frames, wide(kVisemeCount)});
  output_at_[kClosure] = add(&outputs_, m.closure_output, {1, frames});
  output_at_[kHeard] = add(&outputs_, m.emotion_output, {1, frames, wide(kEmotionCount) + 2});
  output_at_[kExpression] =
      add(&outputs_, m.expression_output, {1, frames, wide(m.expression_channels.size())});
  output_at_[kHead] = add(&outputs_, m.head_output, {1, frames, wide(kHeadValues)});
  begin_ = arena.fill(&arena_);
  count_ = arena.size();
  std::size_t next = 0;
  for (std::vector<Port>* ports : {&inputs_, &outputs_}) {
    for (Port& port : *ports) port.data = begin_ + offsets[next++];
  }
}

Span<float> StepPorts::input(Input which, std::size_t row) const {
  if (input_at_[which] == kAbsent) return {nullptr, 0};
  const Port& port = inputs_[input_at_[which]];
  return {port.data + row * port.count, port.count};
}

StepRow::Output StepPorts::output(Output which, std::size_t row) const {
  if (output_at_[which] == kAbsent) return {};
  const Port& port = outputs_[output_at_[which]];
  return {port.data + row * port.count, port.count / frames_};
}

StepRow StepPorts::row(std::size_t index) const {
  return {input(kAudio, index),    input(kEmotion, index),  input(kIdentity, index),
          input(kNoise, index),    output(kWeights, index), output(kVisemes, index),
          output(kClosure, index), output(kHeard, index),   output(kExpression, index),
          output(kHead, index)};
}

bool StepPorts::finite(std::size_t row) const {
  for (const Port& port : outputs_) {
    if (!all_finite(port.data + row * port.count, port.count)) return false;
  }
  return true;
}

}  // namespace talkface
