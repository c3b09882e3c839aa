// Runs the graph for many streams at once: their states are stacked, run and handed back.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/status.h"
#include "model/io_bindings.h"
#include "model/step_ports.h"

namespace talkface {

class BatchRunner {
 public:
  // For at most `max_rows` rows, 1 where the session has no free batch axis. Runs once at every
  // size, so that nothing is allocated later.
  static Status create(std::shared_ptr<OrtSession> session, const Manifest& manifest,
                       std::size_t max_rows, std::unique_ptr<BatchRunner>* out);
  BatchRunner(const BatchRunner&) = delete;
  BatchRunner& operator=(const BatchRunner&) = delete;

  [[nodiscard]] std::size_t max_rows() const { return max_rows_; }

  // The next run has `rows` rows, 1 to max_rows().
  void begin(std::size_t rows);
  [[nodiscard]] StepRow row(std::size_t index) const { return ports_.row(index); }
  // Stack a row's state, which lies as in StepRunner::state().
  void load(std::size_t row, const float* state);
  Status run();
  // Hand back a row's new state.
  void store(std::size_t row, float* state) const;
  // True when every output and every state value of a row is finite.
  [[nodiscard]] bool finite(std::size_t row) const;

 private:
  // A state tensor of one row: `outer` pieces of `inner` values, between which the rows lie.
  struct Tensor {
    std::size_t offset = 0;  // of a row's values, among all of the state
    std::size_t outer = 1;
    std::size_t inner = 1;
    float* in = nullptr;
    float* out = nullptr;
  };

  BatchRunner(const Manifest& manifest, const OrtSession& session, std::size_t max_rows);
  Status bind(const Manifest& manifest, const OrtSession& session, std::size_t rows);
  // Rows that are run for `rows` that are asked for: few sizes, so that few are prepared.
  [[nodiscard]] std::size_t padded(std::size_t rows) const;

  StepPorts ports_;
  std::size_t max_rows_;
  std::size_t rows_ = 1;  // of the next run, padded
  std::vector<float> arena_;
  Span<float> states_memory_;
  std::vector<Tensor> tensors_;
  std::vector<std::size_t> binding_of_;  // by padded rows
  std::unique_ptr<IoBindings> bindings_;
};

}  // namespace talkface
