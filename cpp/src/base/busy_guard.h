// Holds a flag for the length of a scope, if nobody else does.
#pragma once

#include <atomic>

namespace talkface {

class BusyGuard {
 public:
  explicit BusyGuard(std::atomic<bool>* flag)
      : flag_(flag), taken_(!flag->exchange(true, std::memory_order_acquire)) {}
  ~BusyGuard() {
    if (taken_) flag_->store(false, std::memory_order_release);
  }
  BusyGuard(const BusyGuard&) = delete;
  BusyGuard& operator=(const BusyGuard&) = delete;
  [[nodiscard]] bool taken() const { return taken_; }

 private:
  std::atomic<bool>* flag_;
  bool taken_;
};

}  // namespace talkface
