#include "stream/jobs.h"

namespace talkface {

Jobs::Jobs(std::uint32_t shares, Runner runner, void* user)
    : shares_(shares), runner_(runner), user_(user) {
  if (runner_ != nullptr) return;
  threads_.reserve(shares_ - 1);
  for (std::uint32_t i = 1; i < shares_; ++i) threads_.emplace_back([this] { work(); });
}

Jobs::~Jobs() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  begun_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Jobs::run(const std::function<void(std::uint32_t)>& body) {
  if (shares_ == 1) return body(0);
  if (runner_ != nullptr) {
    const auto job = [](void* context, std::uint32_t index) {
      (*static_cast<const std::function<void(std::uint32_t)>*>(context))(index);
    };
    runner_(user_, job, const_cast<std::function<void(std::uint32_t)>*>(&body), shares_);
    return;
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    body_ = &body;
    next_.store(0, std::memory_order_relaxed);
    working_ = static_cast<std::uint32_t>(threads_.size());
    ++round_;
  }
  begun_.notify_all();
  take_shares();
  std::unique_lock<std::mutex> lock(mutex_);
  done_.wait(lock, [this] { return working_ == 0; });
}

void Jobs::take_shares() {
  while (true) {
    const std::uint32_t share = next_.fetch_add(1, std::memory_order_relaxed);
    if (share >= shares_) return;
    (*body_)(share);
  }
}

void Jobs::work() {
  std::uint64_t seen = 0;
  while (true) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      begun_.wait(lock, [&] { return stop_ || round_ != seen; });
      if (stop_) return;
      seen = round_;
    }
    take_shares();
    const std::lock_guard<std::mutex> lock(mutex_);
    if (--working_ == 0) done_.notify_one();
  }
}

}  // namespace talkface
