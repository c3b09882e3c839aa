// Options of a stream as a caller gives them, checked.
#pragma once

#include "api/guard.h"

namespace talkface::api {

inline Status stream_config(const talkface_stream_options* options, StreamConfig* config) {
  talkface_stream_options o = talkface_stream_options_init();
  if (!take_options(options, &o)) return invalid("stream options: struct_size is not set");
  if (o.sample_rate < TALKFACE_MIN_SAMPLE_RATE || o.sample_rate > TALKFACE_MAX_SAMPLE_RATE) {
    return invalid("sample_rate must be 8000 to 192000 Hz");
  }
  if (o.channels < 1 || o.channels > TALKFACE_MAX_CHANNELS) {
    return invalid("channels must be 1 to 8");
  }
  if (o.ring_ms < 20 || o.ring_ms > 60000) return invalid("ring_ms must be 20 to 60000");
  if (o.store_ms < 500 || o.store_ms > 60000) return invalid("store_ms must be 500 to 60000");
  constexpr std::uint32_t kKnownFlags =
      std::uint32_t{TALKFACE_STREAM_SAMPLING} | std::uint32_t{TALKFACE_STREAM_RAW};
  if ((o.flags & ~kKnownFlags) != 0) return invalid("unknown stream flags");
  if (o.frame_rate_num != 0) {
    const std::uint32_t den = o.frame_rate_den == 0 ? 1 : o.frame_rate_den;
    if (o.frame_rate_num > 1000000 || den > 1000000 || o.frame_rate_num < den ||
        o.frame_rate_num > 1000ull * den) {
      return invalid("frame rate must be 1 to 1000 frames a second");
    }
    config->frame_rate = {static_cast<std::int64_t>(o.frame_rate_num),
                          static_cast<std::int64_t>(den)};
  }
  config->sample_rate = o.sample_rate;
  config->channels = o.channels;
  config->ring_ms = o.ring_ms;
  config->store_ms = o.store_ms;
  config->sampling = (o.flags & TALKFACE_STREAM_SAMPLING) != 0;
  config->raw = (o.flags & TALKFACE_STREAM_RAW) != 0;
  config->seed = o.seed;
  if (o.timed_capacity < 16 || o.timed_capacity > 65536) {
    return invalid("timed_capacity must be 16 to 65536");
  }
  config->timed_capacity = o.timed_capacity;
  if (o.sleep_ms > 600000) return invalid("sleep_ms must be 0 to 600000");
  if (o.sleep_ms > 0 && (o.sleep_ms < 200 || o.ring_ms < 200)) {
    return invalid("a stream that sleeps needs sleep_ms and ring_ms of at least 200");
  }
  config->sleep_ms = o.sleep_ms;
  return {};
}

}  // namespace talkface::api
