// What a stream needs to run a graph step after step: state tensors that ping-pong between two
// preallocated sets through two bindings, so that no step copies state.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/span.h"
#include "base/status.h"
#include "model/ort_session.h"

namespace talkface {

// Buffers and bindings of one stream.
class StepRunner {
 public:
  static Status create(std::shared_ptr<OrtSession> session, const Manifest& manifest,
                       std::unique_ptr<StepRunner>* out);
  ~StepRunner();
  StepRunner(const StepRunner&) = delete;
  StepRunner& operator=(const StepRunner&) = delete;

  // State of a fresh stream.
  void reset();
  // Audio window to fill before run().
  float* audio() { return audio_; }
  // The same for what the graph is conditioned on; empty where the bundle has no such input.
  Span<float> emotion_input() { return {emotion_in_.data, emotion_in_.width}; }
  Span<float> identity_input() { return {identity_in_.data, identity_in_.width}; }
  Span<float> noise_input() { return {noise_in_.data, noise_in_.width}; }
  Status run();

  // Outputs of the last run for its frame `index`; empty where the bundle has no such output.
  [[nodiscard]] Span<const float> weights(std::size_t index) const { return at(weights_, index); }
  [[nodiscard]] Span<const float> visemes(std::size_t index) const { return at(visemes_, index); }
  [[nodiscard]] Span<const float> closure(std::size_t index) const { return at(closure_, index); }
  [[nodiscard]] Span<const float> emotion(std::size_t index) const { return at(emotion_, index); }
  [[nodiscard]] Span<const float> expression(std::size_t index) const {
    return at(expression_, index);
  }
  [[nodiscard]] Span<const float> head(std::size_t index) const { return at(head_, index); }
  // True when every output and every state value is finite.
  [[nodiscard]] bool finite() const;

  // All state tensors, one after the other.
  [[nodiscard]] Span<const float> state() const { return {states_[current_], state_count_}; }
  Span<float> state() { return {states_[current_], state_count_}; }

 private:
  struct Buffer {
    float* data = nullptr;
    std::size_t width = 0;  // values, of an output those of a frame
  };

  StepRunner(std::shared_ptr<OrtSession> session, const Manifest& manifest);
  Status bind(const Manifest& manifest);
  Status add_value(float* data, std::size_t count, const std::vector<std::int64_t>& shape,
                   ort::Value** out);
  Status bind_all(int set);
  static Span<const float> at(const Buffer& output, std::size_t index) {
    return {output.data == nullptr ? nullptr : output.data + index * output.width,
            output.data == nullptr ? 0 : output.width};
  }

  std::shared_ptr<OrtSession> session_;
  std::vector<float> arena_;
  float* audio_ = nullptr;
  float* states_[2] = {nullptr, nullptr};
  std::size_t state_count_ = 0;
  std::vector<float> initial_;
  Buffer emotion_in_, identity_in_, noise_in_;
  Buffer weights_, visemes_, closure_, emotion_, expression_, head_;
  float* outputs_begin_ = nullptr;
  std::size_t outputs_count_ = 0;
  int current_ = 0;
  struct Named {
    std::string name;
    ort::Value* value;
  };
  ort::MemoryInfo* memory_ = nullptr;
  std::vector<ort::Value*> values_;
  std::vector<Named> inputs_[2];  // per direction of the ping-pong
  std::vector<Named> bound_outputs_[2];
  ort::IoBinding* bindings_[2] = {nullptr, nullptr};
};

}  // namespace talkface
