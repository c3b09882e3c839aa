// What a stream needs to run a graph step after step: state tensors that ping-pong between two
// preallocated sets through two bindings, so that no step copies state.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/span.h"
#include "base/status.h"
#include "model/io_bindings.h"
#include "model/step_ports.h"

namespace talkface {

// Buffers and bindings of one stream.
class StepRunner {
 public:
  static Status create(std::shared_ptr<OrtSession> session, const Manifest& manifest,
                       std::unique_ptr<StepRunner>* out);
  StepRunner(const StepRunner&) = delete;
  StepRunner& operator=(const StepRunner&) = delete;

  // Inputs to fill before run(), outputs of the last one.
  [[nodiscard]] StepRow row() const { return ports_.row(0); }
  Status run();
  // True when every output and every state value is finite.
  [[nodiscard]] bool finite() const;

  // All state tensors, one after the other.
  [[nodiscard]] Span<const float> state() const { return {states_[current_], state_count_}; }
  Span<float> state() { return {states_[current_], state_count_}; }

 private:
  explicit StepRunner(const Manifest& manifest);
  Status bind(const Manifest& manifest);

  StepPorts ports_;
  std::vector<float> arena_;
  float* states_[2] = {nullptr, nullptr};
  std::size_t state_count_;
  int current_ = 0;
  std::unique_ptr<IoBindings> bindings_;  // one for each direction of the ping-pong
};

}  // namespace talkface
