// Many streams over one model: those that have a hop ready run as one batch.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/status.h"
#include "model/batch_runner.h"
#include "model/model.h"
#include "stream/jobs.h"
#include "stream/stream.h"

namespace talkface {

struct CrowdConfig {
  std::uint32_t max_streams = 256;
  std::uint32_t max_batch = 64;
  std::uint32_t threads = 1;
  Jobs::Runner runner = nullptr;
  void* runner_user = nullptr;
};

struct CrowdStats {
  std::uint32_t streams, asleep, full;
  std::uint64_t steps, runs, frames, backlog, failures;
  double oldest_seconds;
};

class Crowd {
 public:
  static Status create(std::shared_ptr<const Model> model, const CrowdConfig& config,
                       std::unique_ptr<Crowd>* out);
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // [main]
  Status join(const StreamConfig& config, std::shared_ptr<Stream>* out);
  // Call process every `period_us` on a thread of the crowd's own, until stop.
  Status start(std::uint32_t period_us);
  void stop();

  // [worker] At most `max_steps` graph steps, the longest waiting first; 0: all there are.
  Status process(std::uint64_t max_steps, std::uint64_t* made);

  // [any]
  [[nodiscard]] CrowdStats stats() const;
  [[nodiscard]] const Model& model() const { return *model_; }

 private:
  struct Member {
    std::shared_ptr<Stream> stream;
    bool entered = false;
    Stream::Next next = Stream::Next::kIdle;
    std::uint64_t turn = 0;  // how many had run when a step became due, 0 when none is
    double behind = 0.0;     // seconds of audio, when the round is chosen
  };
  // What one thread of a tick has of its own.
  struct Share {
    std::unique_ptr<BatchRunner> runner;
    Status status;
    std::uint64_t steps = 0, runs = 0;
  };
  // How the members of a round are cut into parts, which threads take.
  struct Round {
    std::size_t count = 0, threads = 1, large = 0;  // `large`: of `count`, those in large parts
    std::atomic<std::size_t> taken{0};              // parts
  };
  class Entered;

  Crowd(std::shared_ptr<const Model> model, const CrowdConfig& config);

  void admit_members();
  void forget_those_gone();
  void cut(std::size_t count);
  // Take the next part of a round; false when none is left.
  bool take(std::size_t* begin, std::size_t* end);
  void advance();
  void choose(std::uint64_t most);
  void run(Share* share);
  void run_batch(Share* share, std::size_t begin, std::size_t end);
  void publish();
  void tick_until_stopped(std::uint32_t period_us);

  std::shared_ptr<const Model> model_;
  CrowdConfig config_;
  std::vector<Share> shares_;
  Jobs jobs_;
  std::vector<Member> members_;  // the worker's
  std::vector<Member*> chosen_;  // of a round: those that run
  Round round_;
  std::uint64_t turns_ = 1;
  std::mutex joining_mutex_;  // of what waits to become a member
  std::vector<std::shared_ptr<Stream>> joining_;
  std::uint32_t count_ = 0;  // members and those that wait, under joining_mutex_
  std::atomic<bool> busy_{false};

  std::thread thread_;
  std::mutex thread_mutex_;
  std::condition_variable thread_wakes_;
  bool thread_stops_ = false;

  std::atomic<std::uint32_t> streams_{0}, asleep_{0}, full_{0};
  std::atomic<std::uint64_t> steps_{0}, runs_{0}, frames_{0}, backlog_{0}, failures_{0};
  std::atomic<double> oldest_seconds_{0.0};
};

}  // namespace talkface
