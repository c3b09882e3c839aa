// What goes into a step and comes out of it, besides the state, for a batch of rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/span.h"
#include "model/manifest.h"

namespace talkface {

// One row: a stream's window, what the graph is told, and what it says. Empty where the bundle has
// no such port.
struct StepRow {
  struct Output {
    const float* data = nullptr;
    std::size_t width = 0;  // values a frame

    // Values of the step's frame `index`.
    [[nodiscard]] Span<const float> at(std::size_t index) const {
      return {data == nullptr ? nullptr : data + index * width, data == nullptr ? 0 : width};
    }
  };

  Span<float> audio, emotion, identity, noise;
  Output weights, visemes, closure, heard, expression, head;
};

// Memory of all rows. Each port lies in one piece, row after row, so that the first `n` rows are a
// batch of `n`.
class StepPorts {
 public:
  struct Port {
    std::string name;
    float* data = nullptr;
    std::vector<std::int64_t> shape;  // of one row, its batch axis first
    std::size_t count = 0;            // values a row
  };

  StepPorts(const Manifest& manifest, std::size_t rows);

  [[nodiscard]] StepRow row(std::size_t index) const;
  // True when every output of a row is finite.
  [[nodiscard]] bool finite(std::size_t row) const;
  // All ports: inputs, then outputs.
  [[nodiscard]] Span<float> memory() { return {begin_, count_}; }
  [[nodiscard]] const std::vector<Port>& inputs() const { return inputs_; }
  [[nodiscard]] const std::vector<Port>& outputs() const { return outputs_; }

 private:
  enum Input : std::size_t { kAudio, kEmotion, kIdentity, kNoise, kInputs };
  enum Output : std::size_t { kWeights, kVisemes, kClosure, kHeard, kExpression, kHead, kOutputs };

  [[nodiscard]] Span<float> input(Input which, std::size_t row) const;
  [[nodiscard]] StepRow::Output output(Output which, std::size_t row) const;

  std::size_t frames_;
  std::vector<float> arena_;
  float* begin_ = nullptr;
  std::size_t count_ = 0;
  std::vector<Port> inputs_;
  std::vector<Port> outputs_;
  std::size_t input_at_[kInputs];  // index in inputs_, or kAbsent
  std::size_t output_at_[kOutputs];
};

// Floats that each start a cache line, and room for them: a place for every count.
class FloatArena {
 public:
  // Returns the offset of `count` floats.
  std::size_t reserve(std::size_t count);
  // First float of a vector that has room for all that was reserved, size() floats.
  float* fill(std::vector<float>* storage) const;
  [[nodiscard]] std::size_t size() const { return total_; }

 private:
  std::size_t total_ = 0;
};

// True when every value is finite.
[[nodiscard]] bool all_finite(const float* values, std::size_t count);

}  // namespace talkface
