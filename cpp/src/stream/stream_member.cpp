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

void Stream::set_graph_state(const float* values) {
  if (runner_ != nullptr) {
    runner_->set_state(values);
  } else {
    std::copy_n(values, state_.size(), state_.begin());
  }
}

Status Stream::get_graph_state(float* values) {
  if (runner_ != nullptr) return runner_->get_state(values);
  std::copy(state_.begin(), state_.end(), values);
  return {};
}

void Stream::reset_state() { set_graph_state(model_->initial_state().data()); }

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
