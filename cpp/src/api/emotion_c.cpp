// Emotion and style of the C ABI. No logic.
#include "anim/emotion_track.h"
#include "api/guard.h"

using talkface::EmotionKey;
using talkface::EmotionTrack;
using talkface::Status;
using talkface::api::guarded;
using talkface::api::invalid;

namespace {

constexpr std::uint32_t kKeySize =
    offsetof(talkface_emotion_key, weight) + sizeof(talkface_emotion_key::weight);

// A caller's key `index`, whose elements are `size` bytes long; false when it cannot be.
bool read_key(const talkface_emotion_key* keys, std::uint32_t size, std::uint64_t index,
              EmotionKey* out) {
  talkface_emotion_key key = talkface_emotion_key_init();
  std::memcpy(&key, reinterpret_cast<const unsigned char*>(keys) + index * size,
              std::min<std::size_t>(size, sizeof(key)));
  out->sample = key.sample;
  std::memcpy(out->mix.data(), key.mix, sizeof(key.mix));
  out->weight = key.weight;
  if (!EmotionTrack::accepts(*out)) return false;
  talkface::complete(&out->mix);
  return true;
}

}  // namespace

extern "C" {

talkface_status talkface_stream_push_emotion(talkface_stream* stream,
                                             const talkface_emotion_key* keys, uint64_t count,
                                             uint64_t* out_taken) TALKFACE_NOEXCEPT {
  if (out_taken != nullptr) *out_taken = 0;
  if (stream == nullptr || (keys == nullptr && count > 0)) return TALKFACE_ERROR_INVALID_ARGUMENT;
  if (!stream->stream->takes_emotion()) return TALKFACE_ERROR_UNSUPPORTED;
  if (count == 0) return TALKFACE_OK;
  const std::uint32_t size = keys->struct_size;
  if (size < kKeySize) return TALKFACE_ERROR_INVALID_ARGUMENT;
  EmotionKey key;
  std::int64_t before = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!read_key(keys, size, i, &key) || key.sample < before) {
      return TALKFACE_ERROR_INVALID_ARGUMENT;
    }
    before = key.sample;
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    read_key(keys, size, i, &key);
    const auto status = static_cast<talkface_status>(stream->stream->push_emotion(key));
    if (status != TALKFACE_OK) return status;
    if (out_taken != nullptr) ++*out_taken;
  }
  return TALKFACE_OK;
}

talkface_status talkface_stream_set_emotion(talkface_stream* stream,
                                            const float mix[TALKFACE_EMOTION_COUNT],
                                            float weight) TALKFACE_NOEXCEPT {
  if (stream == nullptr || mix == nullptr) return TALKFACE_ERROR_INVALID_ARGUMENT;
  if (!stream->stream->takes_emotion()) return TALKFACE_ERROR_UNSUPPORTED;
  talkface::Direction direction;
  std::memcpy(direction.mix.data(), mix, sizeof(direction.mix));
  direction.weight = weight;
  if (!talkface::sound(direction.mix) || !(weight >= 0.0f && weight <= 1.0f)) {
    return TALKFACE_ERROR_INVALID_ARGUMENT;
  }
  talkface::complete(&direction.mix);
  stream->stream->set_emotion(direction);
  return TALKFACE_OK;
}

talkface_status talkface_stream_set_style(talkface_stream* stream, const char* json, uint64_t size,
                                          talkface_error* error) TALKFACE_NOEXCEPT {
  return guarded(error, [&]() -> Status {
    if (stream == nullptr) return invalid("stream is NULL");
    if (json == nullptr && size > 0) return invalid("json is NULL");
    return stream->stream->set_style({json, static_cast<std::size_t>(size)});
  });
}

}  // extern "C"
