// Many streams over one model, for C++17: RAII over the crowds of talkface.h.
//
//   talkface::Crowd crowd(face.model());
//   talkface::Stream guard = crowd.join(), merchant = crowd.join();
//   every tick: push audio to each, crowd.process(), sample each
#pragma once

#include <cstdint>
#include <memory>

#include "talkface/talkface.hpp"

namespace talkface {
inline namespace wrapper {

struct CrowdOptions {
  std::uint32_t max_streams = 256;
  std::uint32_t max_batch = 64;
  std::uint32_t threads = 1;
  // See talkface_crowd_options.
  void (*run_jobs)(void* user, void (*job)(void* context, std::uint32_t index), void* context,
                   std::uint32_t count) = nullptr;
  void* jobs_user = nullptr;
};

// Buffers that suit a member of a large crowd: a quarter of a second of audio, half a second of
// frames, few phones and keys.
inline StreamOptions member_options() {
  StreamOptions options;
  options.ring_ms = 250;
  options.store_ms = 500;
  options.timed_capacity = 64;
  return options;
}

// Owns a crowd. Members are streams; destroying one leaves the crowd.
class Crowd {
 public:
  explicit Crowd(const Model& model, const CrowdOptions& options = {}) : model_(model) {
    talkface_crowd_options o = talkface_crowd_options_init();
    o.max_streams = options.max_streams;
    o.max_batch = options.max_batch;
    o.threads = options.threads;
    o.run_jobs = options.run_jobs;
    o.jobs_user = options.jobs_user;
    talkface_crowd* crowd = nullptr;
    talkface_error error = talkface_error_init();
    detail::check(talkface_crowd_create(model.get(), &o, &crowd, &error), error);
    handle_.reset(crowd);
  }

  talkface_crowd* get() const { return handle_.get(); }

  Stream join(const StreamOptions& options = member_options()) {
    const talkface_stream_options o = detail::to_c(options);
    talkface_stream* stream = nullptr;
    talkface_error error = talkface_error_init();
    detail::check(talkface_crowd_join(get(), &o, &stream, &error), error);
    return Stream(model_, stream);
  }

  // Graph frames made, by all members. `max_steps`: of the graph at most, 0 for all there are.
  std::uint64_t process(std::uint64_t max_steps = 0) {
    std::uint64_t made = 0;
    talkface_error error = talkface_error_init();
    detail::check(talkface_crowd_process(get(), max_steps, &made, &error), error);
    return made;
  }

  // Process on a thread of the crowd's own.
  void start(std::uint32_t period_us = 20000) {
    talkface_error error = talkface_error_init();
    detail::check(talkface_crowd_start(get(), period_us, &error), error);
  }
  void stop() { talkface_crowd_stop(get()); }

  talkface_crowd_stats stats() const {
    talkface_crowd_stats stats = talkface_crowd_stats_init();
    detail::check(talkface_crowd_get_stats(get(), &stats), "stats");
    return stats;
  }

 private:
  struct Destroy {
    void operator()(talkface_crowd* crowd) const { talkface_crowd_destroy(crowd); }
  };

  Model model_;
  std::unique_ptr<talkface_crowd, Destroy> handle_;
};

}  // namespace wrapper
}  // namespace talkface
