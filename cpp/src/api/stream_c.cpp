// Streams of the C ABI. No logic.
#include <charconv>

#include "anim/knobs.h"
#include "api/guard.h"
#include "api/stream_options.h"

using talkface::Code;
using talkface::copy_text;
using talkface::Status;
using talkface::api::give;
using talkface::api::guarded;
using talkface::api::invalid;
using talkface::api::report;

namespace {

void fill_pose(const talkface::Frame& frame, talkface_pose* pose) {
  std::memcpy(pose->weights, frame.weights.data(), sizeof(pose->weights));
  std::memcpy(pose->head_rotation, frame.head_rotation.data(), sizeof(pose->head_rotation));
  std::memcpy(pose->head_translation, frame.head_translation.data(),
              sizeof(pose->head_translation));
  std::memcpy(pose->emotion, frame.emotion.data(), sizeof(pose->emotion));
  pose->valence = frame.valence;
  pose->arousal = frame.arousal;
  std::memcpy(pose->visemes, frame.visemes.data(), sizeof(pose->visemes));
}

// Says which phone and why, without an allocation.
talkface_status refuse_phone(std::uint64_t index, const char* reason, talkface_error* error) {
  char text[128] = "phone ";
  char* at = std::to_chars(text + std::strlen(text), text + 32, index).ptr;
  *at++ = ' ';
  copy_text(reason, at, static_cast<std::size_t>(text + sizeof(text) - at));
  return report(Code::kInvalidArgument, text, error);
}

// A caller's phone `index`, whose elements are `size` bytes long. On failure a reason.
const char* read_phone(const talkface::ArticulationTable& table, const talkface_phone* phones,
                       std::uint32_t size, std::uint64_t index, talkface::Phone* out) {
  talkface_phone phone = talkface_phone_init();
  std::memcpy(&phone, reinterpret_cast<const unsigned char*>(phones) + index * size,
              std::min<std::size_t>(size, sizeof(phone)));
  if (phone.start < 0 || phone.end <= phone.start || phone.end > talkface::Script::kFarthest) {
    return "must start at 0 or later and end past its start";
  }
  const auto* terminator =
      static_cast<const char*>(std::memchr(phone.symbol, 0, sizeof(phone.symbol)));
  if (terminator == nullptr) return "has a symbol that is not terminated";
  const std::string_view symbol(phone.symbol, static_cast<std::size_t>(terminator - phone.symbol));
  const int found = table.find(symbol);
  if (found < 0) return "has a symbol that is not in the bundle's articulation table";
  *out = {phone.start, phone.end, static_cast<std::uint64_t>(found)};
  return nullptr;
}

template <typename Sample>
talkface_status push(talkface_stream* stream, const Sample* samples, std::uint64_t frames,
                     std::uint64_t* out_taken) noexcept {
  if (out_taken != nullptr) *out_taken = 0;
  if (stream == nullptr || (samples == nullptr && frames > 0)) {
    return TALKFACE_ERROR_INVALID_ARGUMENT;
  }
  return static_cast<talkface_status>(stream->stream->push(samples, frames, out_taken));
}

}  // namespace

extern "C" {

talkface_status talkface_stream_create(const talkface_model* model,
                                       const talkface_stream_options* options,
                                       talkface_stream** out_stream,
                                       talkface_error* error) TALKFACE_NOEXCEPT {
  return guarded(error, [&]() -> Status {
    if (out_stream == nullptr) return invalid("out_stream is NULL");
    *out_stream = nullptr;
    if (model == nullptr) return invalid("model is NULL");
    talkface::StreamConfig config;
    Status status = talkface::api::stream_config(options, &config);
    if (!status.ok()) return status;
    std::unique_ptr<talkface::Stream> made;
    status = talkface::Stream::create(model->model, config, &made);
    if (status.ok()) *out_stream = new talkface_stream{std::move(made)};
    return status;
  });
}

void talkface_stream_destroy(talkface_stream* stream) TALKFACE_NOEXCEPT {
  if (stream != nullptr) stream->stream->abandon();
  delete stream;
}

talkface_status talkface_stream_push_f32(talkface_stream* stream, const float* samples,
                                         uint64_t frames, uint64_t* out_taken) TALKFACE_NOEXCEPT {
  return push(stream, samples, frames, out_taken);
}

talkface_status talkface_stream_push_s16(talkface_stream* stream, const int16_t* samples,
                                         uint64_t frames, uint64_t* out_taken) TALKFACE_NOEXCEPT {
  return push(stream, samples, frames, out_taken);
}

talkface_status talkface_stream_push_phones(talkface_stream* stream, const talkface_phone* phones,
                                            uint64_t count, uint64_t* out_taken,
                                            talkface_error* error) TALKFACE_NOEXCEPT {
  if (out_taken != nullptr) *out_taken = 0;
  if (stream == nullptr || (phones == nullptr && count > 0)) {
    return report(Code::kInvalidArgument, "stream or phones is NULL", error);
  }
  const talkface::ArticulationTable* table = stream->stream->articulation();
  if (table == nullptr) {
    return report(Code::kUnsupported,
                  "this bundle has no articulation table, so it takes no phones: export it again",
                  error);
  }
  if (count == 0) return TALKFACE_OK;
  const std::uint32_t size = phones->struct_size;
  if (size < offsetof(talkface_phone, symbol) + sizeof(phones->symbol)) {
    return report(Code::kInvalidArgument, "phones: struct_size is not set", error);
  }
  talkface::Phone phone;
  for (std::uint64_t i = 0; i < count; ++i) {
    const char* reason = read_phone(*table, phones, size, i, &phone);
    if (reason != nullptr) return refuse_phone(i, reason, error);
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    read_phone(*table, phones, size, i, &phone);
    if (stream->stream->push_phone(phone) != Code::kOk) {
      return report(Code::kFull, "", error);
    }
    if (out_taken != nullptr) ++*out_taken;
  }
  return TALKFACE_OK;
}

talkface_status talkface_stream_flush(talkface_stream* stream) TALKFACE_NOEXCEPT {
  if (stream == nullptr) return TALKFACE_ERROR_INVALID_ARGUMENT;
  return static_cast<talkface_status>(stream->stream->flush());
}

talkface_status talkface_stream_process(talkface_stream* stream, uint64_t* out_frames,
                                        talkface_error* error) TALKFACE_NOEXCEPT {
  return guarded(error, [&]() -> Status {
    if (out_frames != nullptr) *out_frames = 0;
    if (stream == nullptr) return invalid("stream is NULL");
    return stream->stream->process(out_frames);
  });
}

uint64_t talkface_stream_frames_ready(const talkface_stream* stream) TALKFACE_NOEXCEPT {
  return stream == nullptr ? 0 : stream->stream->frames_ready();
}

talkface_status talkface_stream_read(talkface_stream* stream, talkface_pose* poses,
                                     uint64_t capacity, uint64_t* out_count) TALKFACE_NOEXCEPT {
  if (out_count != nullptr) *out_count = 0;
  if (stream == nullptr || out_count == nullptr || (poses == nullptr && capacity > 0)) {
    return TALKFACE_ERROR_INVALID_ARGUMENT;
  }
  if (capacity == 0) return TALKFACE_OK;
  const std::uint32_t size = poses->struct_size;
  // Every element must lie where a pose may lie.
  if (size < sizeof(std::uint32_t) || size % alignof(talkface_pose) != 0) {
    return TALKFACE_ERROR_INVALID_ARGUMENT;
  }
  auto* at = reinterpret_cast<unsigned char*>(poses);
  talkface_pose pose = talkface_pose_init();
  talkface::Frame frame;
  while (*out_count < capacity && stream->stream->read(&frame, &pose.frame, &pose.seconds)) {
    fill_pose(frame, &pose);
    auto* target = reinterpret_cast<talkface_pose*>(at + *out_count * size);
    target->struct_size = size;
    give(pose, target);
    ++*out_count;
  }
  return TALKFACE_OK;
}

talkface_status talkface_stream_sample(talkface_stream* stream, int64_t playhead,
                                       talkface_pose* out_pose) TALKFACE_NOEXCEPT {
  if (stream == nullptr || out_pose == nullptr) return TALKFACE_ERROR_INVALID_ARGUMENT;
  talkface_pose pose = talkface_pose_init();
  talkface::Frame frame;
  const bool newest = playhead == TALKFACE_NEWEST;
  pose.flags = stream->stream->sample(playhead, newest, &frame, &pose.seconds);
  pose.frame =
      newest ? static_cast<std::int64_t>(pose.seconds * stream->stream->sample_rate()) : playhead;
  fill_pose(frame, &pose);
  return give(pose, out_pose);
}

talkface_status talkface_stream_interrupt(talkface_stream* stream,
                                          uint32_t ease_ms) TALKFACE_NOEXCEPT {
  if (stream == nullptr || ease_ms > 10000) return TALKFACE_ERROR_INVALID_ARGUMENT;
  stream->stream->interrupt(ease_ms);
  return TALKFACE_OK;
}

talkface_status talkface_stream_reset(talkface_stream* stream) TALKFACE_NOEXCEPT {
  if (stream == nullptr) return TALKFACE_ERROR_INVALID_ARGUMENT;
  stream->stream->reset();
  return TALKFACE_OK;
}

uint32_t talkface_stream_latency(const talkface_stream* stream) TALKFACE_NOEXCEPT {
  return stream == nullptr ? 0 : stream->stream->latency();
}

int64_t talkface_stream_next_sample(const talkface_stream* stream) TALKFACE_NOEXCEPT {
  return stream == nullptr ? 0 : stream->stream->next_sample();
}

uint64_t talkface_stream_samples_needed(const talkface_stream* stream) TALKFACE_NOEXCEPT {
  return stream == nullptr ? 0 : stream->stream->samples_needed();
}

talkface_status talkface_stream_get_stats(const talkface_stream* stream,
                                          talkface_stream_stats* out_stats) TALKFACE_NOEXCEPT {
  if (stream == nullptr) return TALKFACE_ERROR_INVALID_ARGUMENT;
  const talkface::StreamStats s = stream->stream->stats();
  talkface_stream_stats stats = talkface_stream_stats_init();
  stats.taken_samples = s.taken;
  stats.refused_samples = s.refused;
  stats.nonfinite_samples = s.nonfinite;
  stats.model_resets = s.model_resets;
  stats.steps = s.steps;
  stats.frames = s.frames;
  stats.asleep = s.asleep ? 1 : 0;
  return give(stats, out_stats);
}

talkface_status talkface_stream_set_knob(talkface_stream* stream, const char* name,
                                         float value) TALKFACE_NOEXCEPT {
  if (stream == nullptr || name == nullptr) return TALKFACE_ERROR_INVALID_ARGUMENT;
  const int index = talkface::knob_index(name);
  if (index < 0) return TALKFACE_ERROR_NOT_FOUND;
  const talkface::KnobInfo& info = talkface::kKnobs[static_cast<std::size_t>(index)];
  if (!(value >= info.min_value && value <= info.max_value)) return TALKFACE_ERROR_INVALID_ARGUMENT;
  stream->stream->knobs().set(static_cast<std::size_t>(index), value);
  return TALKFACE_OK;
}

talkface_status talkface_stream_get_knob(const talkface_stream* stream, const char* name,
                                         float* out_value) TALKFACE_NOEXCEPT {
  if (stream == nullptr || name == nullptr || out_value == nullptr) {
    return TALKFACE_ERROR_INVALID_ARGUMENT;
  }
  const int index = talkface::knob_index(name);
  if (index < 0) return TALKFACE_ERROR_NOT_FOUND;
  *out_value = stream->stream->knobs().get(static_cast<std::size_t>(index));
  return TALKFACE_OK;
}

talkface_status talkface_stream_set_stride(talkface_stream* stream,
                                           uint32_t stride) TALKFACE_NOEXCEPT {
  if (stream == nullptr || (stride != 1 && stride != 2 && stride != 4)) {
    return TALKFACE_ERROR_INVALID_ARGUMENT;
  }
  stream->stream->set_stride(stride);
  return TALKFACE_OK;
}

uint64_t talkface_stream_state_size(const talkface_stream* stream) TALKFACE_NOEXCEPT {
  return stream == nullptr ? 0 : stream->stream->state_size();
}

talkface_status talkface_stream_save(talkface_stream* stream, void* buffer, uint64_t capacity,
                                     talkface_error* error) TALKFACE_NOEXCEPT {
  return guarded(error, [&]() -> Status {
    if (stream == nullptr) return invalid("stream is NULL");
    return stream->stream->save(buffer, capacity);
  });
}

talkface_status talkface_stream_load(talkface_stream* stream, const void* buffer, uint64_t size,
                                     talkface_error* error) TALKFACE_NOEXCEPT {
  return guarded(error, [&]() -> Status {
    if (stream == nullptr) return invalid("stream is NULL");
    return stream->stream->load(buffer, size);
  });
}

}  // extern "C"
