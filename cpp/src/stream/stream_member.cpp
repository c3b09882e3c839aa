// A stream as a crowd sees it: the graph's state, and how long a step has been due.
#include <algorithm>

#include "stream/stream.h"

namespace talkface {

bool Stream::enter() {
  if (busy_.exchange(true, std::memory_order_acquire)) return false;
  begin_work();
  return true;
}

void Stream::leave() {
  publish_need();
  busy_.store(false, std::memory_order_release);
}

Span<float> Stream::state() {
  return runner_ != nullptr ? runner_->state() : Span<float>{state_.data(), state_.size()};
}

void Stream::reset_state() {
  const std::vector<float>& initial = model_->initial_state();
  std::copy(initial.begin(), initial.end(), state().begin());
}

double Stream::due_since() const {
  const std::int64_t due = table_->inputs_for(windower_.step() * shape_.hop + shape_.due() - 1);
  const auto pushed = static_cast<std::int64_t>(ring_.written() - progress_.origin);
  return static_cast<double>(std::max<std::int64_t>(pushed - due, 0)) / config_.sample_rate;
}

std::uint64_t Stream::steps_due() const {
  const double hop = static_cast<double>(shape_.hop) / model_->manifest().sample_rate;
  return 1 + static_cast<std::uint64_t>(due_since() / hop);
}

}  // namespace talkface
