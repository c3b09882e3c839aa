// Streaming band-limited resampler to the model rate: polyphase Kaiser-windowed sinc, rational,
// linear phase. Output sample m is a function of the input around time m / out_rate alone, computed
// in one order, so that any chunking of the input gives the same bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace talkface {

// Immutable filter of one rate pair.
class ResamplerTable {
 public:
  ResamplerTable(std::uint32_t in_rate, std::uint32_t out_rate);

  // True when the rates are equal: samples pass through untouched.
  [[nodiscard]] bool identity() const { return up_ == down_; }
  // Input samples on either side of an output position.
  [[nodiscard]] std::size_t half() const { return half_; }
  // Inputs, counted from the clock's zero, that output sample `position` needs.
  [[nodiscard]] std::int64_t inputs_for(std::int64_t position) const;
  // First output position at or after an input position.
  [[nodiscard]] std::int64_t output_at(std::int64_t input) const;
  // Delay in output samples, rounded up; 0 when rates are equal.
  [[nodiscard]] std::uint32_t delay() const { return delay_; }

 private:
  friend class Resampler;
  void build(double cutoff);

  std::uint64_t up_ = 1;    // out_rate / gcd
  std::uint64_t down_ = 1;  // in_rate / gcd
  std::size_t half_ = 0;
  std::size_t taps_ = 0;      // 2 * half, padded to the lane count
  std::uint64_t phases_ = 0;  // rows in the table, one more than the distinct phases
  bool interpolate_ = false;  // odd ratios: blend neighbouring rows
  std::uint32_t delay_ = 0;
  std::vector<float> rows_;
};

// State of one stream. Positions are absolute input samples since the clock began.
class Resampler {
 public:
  explicit Resampler(const ResamplerTable& table);

  // Begin an utterance at input position `start`: everything before it counts as silence. Returns
  // the first output position, ceil(start * out / in).
  std::int64_t begin(std::int64_t start);

  // Feed `in`, write at most `capacity` outputs. *consumed says how many inputs were taken; call
  // again with the rest. Returns outputs written.
  std::size_t process(const float* in, std::size_t count, std::size_t* consumed, float* out,
                      std::size_t capacity);

  // Inputs still missing before output sample `position` can be made.
  [[nodiscard]] std::int64_t inputs_needed(std::int64_t position) const;
  [[nodiscard]] std::int64_t next_output() const { return next_output_; }

  struct State {
    std::int64_t next_input;
    std::int64_t next_output;
  };
  [[nodiscard]] State state() const { return {next_input_, next_output_}; }
  [[nodiscard]] const std::vector<float>& history() const { return history_; }
  void restore(const State& state, const float* history);

 private:
  [[nodiscard]] float interpolate_at(std::int64_t position) const;

  const ResamplerTable& table_;
  std::vector<float> history_;    // the last inputs, twice, so that any span is contiguous
  std::size_t length_;            // inputs remembered
  std::int64_t next_input_ = 0;   // position of the next input
  std::int64_t next_output_ = 0;  // position of the next output
};

}  // namespace talkface
