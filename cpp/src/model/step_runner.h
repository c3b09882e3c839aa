// What a stream needs to run a graph step after step: state tensors that ping-pong between two
// preallocated sets through two bindings, so that no step copies state. On a device they stay
// there.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

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
  // True when every output and every state value is finite; on a device, every output.
  [[nodiscard]] bool finite() const;

  // All state tensors, one after the other.
  void set_state(const float* values);
  Status get_state(float* values);

 private:
  explicit StepRunner(const Manifest& manifest);
  Status bind(const Manifest& manifest);

  StepPorts ports_;
  std::vector<float> arena_;
  Span<float> states_memory_;
  float* states_[2] = {nullptr, nullptr};
  std::size_t state_count_;
  int current_ = 0;
  bool host_is_newer_ = true;             // than the device, about the current state
  std::unique_ptr<IoBindings> bindings_;  // one for each direction of the ping-pong
};

}  // namespace talkface
