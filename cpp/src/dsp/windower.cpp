#include "dsp/windower.h"

#include <algorithm>
#include <cstring>

namespace talkface {

Windower::Windower(const WindowShape& shape, std::size_t slack)
    : shape_(shape), buffer_(static_cast<std::size_t>(shape.span()) + slack) {}

void Windower::begin(std::int64_t start) {
  step_ = shape_.first_step(start);
  base_ = step_ * shape_.hop + shape_.offset;
  filled_ = static_cast<std::size_t>(std::max<std::int64_t>(start - base_, 0));
  std::fill(buffer_.begin(), buffer_.end(), 0.0f);
}

float* Windower::room(std::size_t* capacity) {
  *capacity = buffer_.size() - filled_;
  return buffer_.data() + filled_;
}

void Windower::pad_to(std::int64_t position) {
  const std::int64_t missing = position - end();
  if (missing <= 0) return;
  const std::size_t count = std::min(static_cast<std::size_t>(missing), buffer_.size() - filled_);
  std::fill_n(buffer_.data() + filled_, count, 0.0f);
  filled_ += count;
}

void Windower::take(float* window) {
  const std::int64_t start = step_ * shape_.hop + shape_.offset;
  std::memcpy(window, buffer_.data() + (start - base_),
              static_cast<std::size_t>(shape_.length) * sizeof(float));
  ++step_;
  discard_before(start + shape_.hop);
}

void Windower::discard_before(std::int64_t position) {
  const std::size_t count =
      std::min(filled_, static_cast<std::size_t>(std::max<std::int64_t>(position - base_, 0)));
  std::memmove(buffer_.data(), buffer_.data() + count, (filled_ - count) * sizeof(float));
  filled_ -= count;
  base_ += static_cast<std::int64_t>(count);
}

void Windower::restore(const State& state, const float* buffer) {
  base_ = state.base;
  step_ = state.step;
  filled_ = static_cast<std::size_t>(state.filled);
  std::copy(buffer, buffer + buffer_.size(), buffer_.begin());
}

}  // namespace talkface
