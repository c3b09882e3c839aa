// Crowds of the C ABI. No logic.
#include "api/guard.h"
#include "api/stream_options.h"
#include "stream/crowd.h"

using talkface::Status;
using talkface::api::give;
using talkface::api::guarded;
using talkface::api::invalid;
using talkface::api::take_options;

struct talkface_crowd {
  std::unique_ptr<talkface::Crowd> crowd;
};

namespace {

Status crowd_config(const talkface_crowd_options* options, talkface::CrowdConfig* config) {
  talkface_crowd_options o = talkface_crowd_options_init();
  if (!take_options(options, &o)) return invalid("crowd options: struct_size is not set");
  if (o.max_streams < 1 || o.max_streams > 65536) return invalid("max_streams must be 1 to 65536");
  if (o.max_batch < 1 || o.max_batch > 256) return invalid("max_batch must be 1 to 256");
  if (o.threads < 1 || o.threads > 64) return invalid("threads must be 1 to 64");
  config->max_streams = o.max_streams;
  config->max_batch = o.max_batch;
  config->threads = o.threads;
  config->runner = o.run_jobs;
  config->runner_user = o.jobs_user;
  return {};
}

}  // namespace

extern "C" {

talkface_status talkface_crowd_create(const talkface_model* model,
                                      const talkface_crowd_options* options,
                                      talkface_crowd** out_crowd,
                                      talkface_error* error) TALKFACE_NOEXCEPT {
  return guarded(error, [&]() -> Status {
    if (out_crowd == nullptr) return invalid("out_crowd is NULL");
    *out_crowd = nullptr;
    if (model == nullptr) return invalid("model is NULL");
    talkface::CrowdConfig config;
    Status status = crowd_config(options, &config);
    if (!status.ok()) return status;
    auto crowd = std::make_unique<talkface_crowd>();
    status = talkface::Crowd::create(model->model, config, &crowd->crowd);
    if (status.ok()) *out_crowd = crowd.release();
    return status;
  });
}

void talkface_crowd_destroy(talkface_crowd* crowd) TALKFACE_NOEXCEPT { delete crowd; }

talkface_status talkface_crowd_join(talkface_crowd* crowd, const talkface_stream_options* options,
                                    talkface_stream** out_stream,
                                    talkface_error* error) TALKFACE_NOEXCEPT {
  return guarded(error, [&]() -> Status {
    if (out_stream == nullptr) return invalid("out_stream is NULL");
    *out_stream = nullptr;
    if (crowd == nullptr) return invalid("crowd is NULL");
    talkface::StreamConfig config;
    Status status = talkface::api::stream_config(options, &config);
    if (!status.ok()) return status;
    auto stream = std::make_unique<talkface_stream>();
    status = crowd->crowd->join(config, &stream->stream);
    if (status.ok()) *out_stream = stream.release();
    return status;
  });
}

talkface_status talkface_crowd_process(talkface_crowd* crowd, uint64_t max_steps,
                                       uint64_t* out_frames,
                                       talkface_error* error) TALKFACE_NOEXCEPT {
  return guarded(error, [&]() -> Status {
    if (out_frames != nullptr) *out_frames = 0;
    if (crowd == nullptr) return invalid("crowd is NULL");
    return crowd->crowd->process(max_steps, out_frames);
  });
}

talkface_status talkface_crowd_start(talkface_crowd* crowd, uint32_t period_us,
                                     talkface_error* error) TALKFACE_NOEXCEPT {
  return guarded(error, [&]() -> Status {
    if (crowd == nullptr) return invalid("crowd is NULL");
    if (period_us < 100 || period_us > 1000000) return invalid("period_us must be 100 to 1000000");
    return crowd->crowd->start(period_us);
  });
}

void talkface_crowd_stop(talkface_crowd* crowd) TALKFACE_NOEXCEPT {
  if (crowd != nullptr) crowd->crowd->stop();
}

talkface_status talkface_crowd_get_stats(const talkface_crowd* crowd,
                                         talkface_crowd_stats* out_stats) TALKFACE_NOEXCEPT {
  if (crowd == nullptr) return TALKFACE_ERROR_INVALID_ARGUMENT;
  const talkface::CrowdStats s = crowd->crowd->stats();
  talkface_crowd_stats stats = talkface_crowd_stats_init();
  stats.streams = s.streams;
  stats.asleep = s.asleep;
  stats.full = s.full;
  stats.steps = s.steps;
  stats.runs = s.runs;
  stats.frames = s.frames;
  stats.backlog_steps = s.backlog;
  stats.failures = s.failures;
  stats.oldest_ms = 1000.0 * s.oldest_seconds;
  return give(stats, out_stats);
}

}  // extern "C"
