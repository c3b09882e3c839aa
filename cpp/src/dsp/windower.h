// Which absolute samples a step sees: step k covers [k * hop + offset, k * hop + offset + length).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace talkface {

struct WindowShape {
  std::int64_t hop = 0;
  std::int64_t offset = 0;
  std::int64_t length = 0;
  std::int64_t last_frame = 0;  // where the step's last frame lies, past its first

  // Samples past the step's first frame that a step sees.
  [[nodiscard]] std::int64_t reach() const { return offset + length; }
  // Samples past the step's first frame that must be there before it runs: frames may be foretold
  // from what was heard before, but never lie past the end of the audio.
  [[nodiscard]] std::int64_t due() const { return std::max(reach(), last_frame + 1); }
  // Samples from the first that a step sees to the last that must be there, and at a beginning.
  [[nodiscard]] std::int64_t span() const {
    return std::max(length, std::max(due(), hop) - offset);
  }
  // First step that sees any sample at or after `start` or, with a short reach, that gives the
  // frame there.
  [[nodiscard]] std::int64_t first_step(std::int64_t start) const {
    const std::int64_t x = std::min(start - reach() + 1, start - hop + 1);
    return x >= 0 ? (x + hop - 1) / hop : -((-x) / hop);  // smallest k with k * hop >= x
  }
};

// Model-rate audio between the resampler and the graph. Samples before an utterance are zero.
class Windower {
 public:
  Windower(const WindowShape& shape, std::size_t slack);

  // Begin an utterance whose first sample lies at `start`.
  void begin(std::int64_t start);

  // Room for the resampler to write into, then how much it wrote.
  float* room(std::size_t* capacity);
  void wrote(std::size_t count) { filled_ += count; }
  // Append zeros, as many as fit, until `position` is reached.
  void pad_to(std::int64_t position);

  [[nodiscard]] std::int64_t step() const { return step_; }
  [[nodiscard]] std::int64_t end() const { return base_ + static_cast<std::int64_t>(filled_); }
  [[nodiscard]] bool ready() const { return end() >= step_ * shape_.hop + shape_.due(); }

  // Copy the current step's window and move on to the next step.
  void take(float* window);

  struct State {
    std::int64_t base, step;
    std::uint64_t filled;
  };
  [[nodiscard]] State state() const { return {base_, step_, filled_}; }
  [[nodiscard]] const std::vector<float>& buffer() const { return buffer_; }
  [[nodiscard]] bool accepts(const State& state) const { return state.filled <= buffer_.size(); }
  void restore(const State& state, const float* buffer);

 private:
  void discard_before(std::int64_t position);

  WindowShape shape_;
  std::vector<float> buffer_;  // samples [base, base + filled)
  std::int64_t base_ = 0;
  std::size_t filled_ = 0;
  std::int64_t step_ = 0;
};

}  // namespace talkface
