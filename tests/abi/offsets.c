/* Struct offsets of ABI version 1 on 64-bit machines, frozen: fields only append. */
#include <stddef.h>

#include "talkface/talkface.h"

#define FROZEN(type, field, offset) \
  _Static_assert(offsetof(type, field) == (offset), #type "." #field " moved")
#define FROZEN_SIZE(type, size) _Static_assert(sizeof(type) >= (size), #type " shrank")

_Static_assert(sizeof(void*) == 8, "the offsets below are those of 64-bit machines");
_Static_assert(TALKFACE_ABI_VERSION == 1, "a new ABI version needs new offsets");
_Static_assert(sizeof(talkface_status) == 4, "status is 32 bits");

FROZEN(talkface_error, struct_size, 0);
FROZEN(talkface_error, status, 4);
FROZEN(talkface_error, message, 8);
FROZEN_SIZE(talkface_error, 512);
FROZEN(talkface_pose, struct_size, 0);
FROZEN(talkface_pose, flags, 4);
FROZEN(talkface_pose, frame, 8);
FROZEN(talkface_pose, seconds, 16);
FROZEN(talkface_pose, weights, 24);
FROZEN(talkface_pose, head_rotation, 232);
FROZEN(talkface_pose, head_translation, 248);
FROZEN(talkface_pose, emotion, 260);
FROZEN(talkface_pose, valence, 292);
FROZEN(talkface_pose, arousal, 296);
FROZEN(talkface_pose, visemes, 300);
FROZEN_SIZE(talkface_pose, 360);
FROZEN(talkface_knob, name, 8);
FROZEN(talkface_knob, doc, 16);
FROZEN(talkface_knob, default_value, 24);
FROZEN(talkface_knob, min_value, 28);
FROZEN(talkface_knob, max_value, 32);
FROZEN_SIZE(talkface_knob, 40);
FROZEN(talkface_model_options, provider, 4);
FROZEN(talkface_model_options, device, 8);
FROZEN(talkface_model_options, threads, 12);
FROZEN(talkface_model_options, onnxruntime_path, 16);
FROZEN(talkface_model_options, log, 24);
FROZEN(talkface_model_options, cuda_stream, 40);
FROZEN(talkface_model_options, cache_folder, 48);
FROZEN(talkface_model_options, flags, 56);
FROZEN(talkface_model_options, log_user, 32);
FROZEN_SIZE(talkface_model_options, 40);
FROZEN(talkface_reader, user, 8);
FROZEN(talkface_reader, size, 16);
FROZEN(talkface_reader, read, 24);
FROZEN_SIZE(talkface_reader, 32);
FROZEN(talkface_model_info, schema, 4);
FROZEN(talkface_model_info, sample_rate, 8);
FROZEN(talkface_model_info, hop, 12);
FROZEN(talkface_model_info, look_ahead, 16);
FROZEN(talkface_model_info, frame_rate_num, 20);
FROZEN(talkface_model_info, frame_rate_den, 24);
FROZEN(talkface_model_info, channel_count, 28);
FROZEN(talkface_model_info, emotion_count, 32);
FROZEN(talkface_model_info, viseme_count, 36);
FROZEN(talkface_model_info, identity_size, 40);
FROZEN(talkface_model_info, style_size, 44);
FROZEN(talkface_model_info, provider, 48);
FROZEN(talkface_model_info, tolerance, 56);
FROZEN(talkface_model_info, name, 60);
FROZEN(talkface_model_info, version, 124);
FROZEN(talkface_model_info, licence, 156);
FROZEN(talkface_model_info, sha256, 220);
FROZEN(talkface_model_info, onnxruntime, 285);
FROZEN(talkface_model_info, provider_note, 317);
FROZEN(talkface_model_info, expression_count, 576);
FROZEN(talkface_model_info, has_head, 580);
FROZEN(talkface_model_info, precision, 584);
FROZEN_SIZE(talkface_model_info, 600);
FROZEN(talkface_stream_options, flags, 4);
FROZEN(talkface_stream_options, sample_rate, 8);
FROZEN(talkface_stream_options, channels, 12);
FROZEN(talkface_stream_options, frame_rate_num, 16);
FROZEN(talkface_stream_options, frame_rate_den, 20);
FROZEN(talkface_stream_options, ring_ms, 24);
FROZEN(talkface_stream_options, store_ms, 28);
FROZEN(talkface_stream_options, seed, 32);
FROZEN(talkface_stream_options, timed_capacity, 40);
FROZEN(talkface_stream_options, sleep_ms, 44);
FROZEN_SIZE(talkface_stream_options, 48);
FROZEN(talkface_phone, struct_size, 0);
FROZEN(talkface_phone, start, 8);
FROZEN(talkface_phone, end, 16);
FROZEN(talkface_phone, symbol, 24);
FROZEN_SIZE(talkface_phone, 32);
FROZEN(talkface_emotion_key, struct_size, 0);
FROZEN(talkface_emotion_key, sample, 8);
FROZEN(talkface_emotion_key, mix, 16);
FROZEN(talkface_emotion_key, weight, 48);
FROZEN_SIZE(talkface_emotion_key, 56);
FROZEN(talkface_stream_stats, asleep, 4);
FROZEN(talkface_stream_stats, taken_samples, 8);
FROZEN(talkface_stream_stats, refused_samples, 16);
FROZEN(talkface_stream_stats, nonfinite_samples, 24);
FROZEN(talkface_stream_stats, model_resets, 32);
FROZEN(talkface_stream_stats, steps, 40);
FROZEN(talkface_stream_stats, frames, 48);
FROZEN_SIZE(talkface_stream_stats, 56);
FROZEN(talkface_crowd_options, max_streams, 4);
FROZEN(talkface_crowd_options, max_batch, 8);
FROZEN(talkface_crowd_options, threads, 12);
FROZEN(talkface_crowd_options, run_jobs, 16);
FROZEN(talkface_crowd_options, jobs_user, 24);
FROZEN_SIZE(talkface_crowd_options, 32);
FROZEN(talkface_crowd_stats, streams, 4);
FROZEN(talkface_crowd_stats, asleep, 8);
FROZEN(talkface_crowd_stats, full, 12);
FROZEN(talkface_crowd_stats, steps, 16);
FROZEN(talkface_crowd_stats, runs, 24);
FROZEN(talkface_crowd_stats, frames, 32);
FROZEN(talkface_crowd_stats, backlog_steps, 40);
FROZEN(talkface_crowd_stats, failures, 48);
FROZEN(talkface_crowd_stats, oldest_ms, 56);
FROZEN_SIZE(talkface_crowd_stats, 64);

_Static_assert(TALKFACE_OK == 0 && TALKFACE_FULL == 1, "statuses are never renumbered");
_Static_assert(TALKFACE_ERROR_INVALID_ARGUMENT == -1 && TALKFACE_ERROR_NOT_FOUND == -2 &&
                   TALKFACE_ERROR_IO == -3 && TALKFACE_ERROR_BAD_BUNDLE == -4 &&
                   TALKFACE_ERROR_HASH_MISMATCH == -5 && TALKFACE_ERROR_UNSUPPORTED == -6 &&
                   TALKFACE_ERROR_RUNTIME_MISSING == -7 && TALKFACE_ERROR_RUNTIME_FAILED == -8 &&
                   TALKFACE_ERROR_OUT_OF_MEMORY == -9 && TALKFACE_ERROR_BUSY == -10 &&
                   TALKFACE_ERROR_BAD_STATE == -11 && TALKFACE_ERROR_BUFFER_TOO_SMALL == -12 &&
                   TALKFACE_ERROR_INTERNAL == -13,
               "statuses are never renumbered");
