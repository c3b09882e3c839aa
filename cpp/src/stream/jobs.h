// Shares of one piece of work, done side by side: by the host's job runner or by threads of our
// own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace talkface {

class Jobs {
 public:
  // Calls job(context, i) for every i below count, on any threads, and returns when all are done.
  using Runner = void (*)(void* user, void (*job)(void* context, std::uint32_t index),
                          void* context, std::uint32_t count);

  // `runner` may be null: then `shares` - 1 threads are started here.
  Jobs(std::uint32_t shares, Runner runner, void* user);
  ~Jobs();
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  [[nodiscard]] std::uint32_t shares() const { return shares_; }
  // Calls body(share) for every share and waits. `body` must not throw.
  void run(const std::function<void(std::uint32_t)>& body);

 private:
  void work();
  void take_shares();

  std::uint32_t shares_;
  Runner runner_;
  void* user_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable begun_, done_;
  const std::function<void(std::uint32_t)>* body_ = nullptr;
  std::uint64_t round_ = 0;
  std::uint32_t working_ = 0;
  bool stop_ = false;
  std::atomic<std::uint32_t> next_{0};
};

}  // namespace talkface
