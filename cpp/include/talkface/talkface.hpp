// TalkFace for C++17: RAII over talkface.h. Header-only; exceptions live here and not below.
//
//   talkface::TalkFace face("bundles/default");
//   talkface::Clip clip = face.animate(samples, 24000);
//   float jaw = clip.frames[10].weights[talkface::channel("jawOpen")];
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "talkface/model.hpp"
#include "talkface/talkface.h"

namespace talkface {
inline namespace wrapper {

using Pose = talkface_pose;
using Phone = talkface_phone;
using EmotionKey = talkface_emotion_key;

// A timed phone; positions are input samples. Throws for a symbol longer than any.
inline Phone phone(std::int64_t start, std::int64_t end, const std::string& symbol) {
  Phone made = talkface_phone_init();
  if (symbol.size() >= sizeof(made.symbol)) {
    throw Error(TALKFACE_ERROR_INVALID_ARGUMENT, "no phone " + symbol);
  }
  made.start = start;
  made.end = end;
  symbol.copy(made.symbol, symbol.size());
  return made;
}

// A timed emotion; `sample` is an input position, `mix` holds a share of each emotion.
inline EmotionKey emotion_key(std::int64_t sample, const float (&mix)[TALKFACE_EMOTION_COUNT],
                              float weight = 1.0f) {
  EmotionKey made = talkface_emotion_key_init();
  made.sample = sample;
  std::copy(std::begin(mix), std::end(mix), made.mix);
  made.weight = weight;
  return made;
}

// Index of a channel name; throws for an unknown one.
inline std::size_t channel(const char* name) {
  const int32_t index = talkface_channel_index(name);
  if (index < 0) {
    throw Error(TALKFACE_ERROR_INVALID_ARGUMENT, std::string("no channel ") + name);
  }
  return static_cast<std::size_t>(index);
}

struct FrameRate {
  std::uint32_t num = 0;  // 0: the graph's own rate
  std::uint32_t den = 1;
};

struct StreamOptions {
  std::uint32_t sample_rate = 16000;
  std::uint32_t channels = 1;
  FrameRate frame_rate;
  std::uint32_t ring_ms = 1000;
  std::uint32_t store_ms = 4000;
  bool sampling = false;
  bool raw = false;
  std::uint64_t seed = 0;
  std::uint32_t timed_capacity = 1024;
  std::uint32_t sleep_ms = 0;
};

namespace detail {

inline talkface_stream_options to_c(const StreamOptions& options) {
  talkface_stream_options o = talkface_stream_options_init();
  o.sample_rate = options.sample_rate;
  o.channels = options.channels;
  o.frame_rate_num = options.frame_rate.num;
  o.frame_rate_den = options.frame_rate.den;
  o.ring_ms = options.ring_ms;
  o.store_ms = options.store_ms;
  if (options.sampling) o.flags |= TALKFACE_STREAM_SAMPLING;
  if (options.raw) o.flags |= TALKFACE_STREAM_RAW;
  o.seed = options.seed;
  o.timed_capacity = options.timed_capacity;
  o.sleep_ms = options.sleep_ms;
  return o;
}

}  // namespace detail

// One character. See talkface.h for the thread each call belongs to.
class Stream {
 public:
  Stream(const Model& model, const StreamOptions& options) : model_(model) {
    const talkface_stream_options o = detail::to_c(options);
    talkface_stream* stream = nullptr;
    talkface_error error = talkface_error_init();
    detail::check(talkface_stream_create(model.get(), &o, &stream, &error), error);
    handle_.reset(stream);
  }

  // Takes over a member of a crowd (talkface_crowd_join).
  Stream(const Model& model, talkface_stream* handle) : model_(model), handle_(handle) {}

  talkface_stream* get() const { return handle_.get(); }

  // Sample frames taken; fewer than given when the ring is full.
  std::uint64_t push(const float* samples, std::uint64_t frames) {
    std::uint64_t taken = 0;
    detail::check(talkface_stream_push_f32(get(), samples, frames, &taken), "push");
    return taken;
  }
  std::uint64_t push(const std::int16_t* samples, std::uint64_t frames) {
    std::uint64_t taken = 0;
    detail::check(talkface_stream_push_s16(get(), samples, frames, &taken), "push");
    return taken;
  }

  // Timed phones taken; fewer than given when no more fit.
  std::uint64_t push_phones(const Phone* phones, std::uint64_t count) {
    std::uint64_t taken = 0;
    talkface_error error = talkface_error_init();
    detail::check(talkface_stream_push_phones(get(), phones, count, &taken, &error), error);
    return taken;
  }

  // Timed emotions taken; fewer than given when no more fit.
  std::uint64_t push_emotion(const EmotionKey* keys, std::uint64_t count) {
    std::uint64_t taken = 0;
    check_emotion(talkface_stream_push_emotion(get(), keys, count, &taken));
    return taken;
  }

  // The emotion to show where no key says otherwise; weight 0 shows what is heard.
  void set_emotion(const float (&mix)[TALKFACE_EMOTION_COUNT], float weight = 1.0f) {
    check_emotion(talkface_stream_set_emotion(get(), mix, weight));
  }

  // A style file as JSON text; empty for the default style.
  void set_style(const std::string& json) {
    talkface_error error = talkface_error_init();
    detail::check(talkface_stream_set_style(get(), json.data(), json.size(), &error), error);
  }

  // False when too many flushes wait for process.
  bool flush() {
    const talkface_status status = talkface_stream_flush(get());
    detail::check(status, "flush");
    return status == TALKFACE_OK;
  }

  // Graph frames made. *full (may be null) tells that unread frames fill the store.
  std::uint64_t process(bool* full = nullptr) {
    std::uint64_t made = 0;
    talkface_error error = talkface_error_init();
    const talkface_status status = talkface_stream_process(get(), &made, &error);
    detail::check(status, error);
    if (full != nullptr) *full = status == TALKFACE_FULL;
    return made;
  }

  std::uint64_t frames_ready() const { return talkface_stream_frames_ready(get()); }

  // All frames that are ready, at most `limit`.
  std::vector<Pose> read(std::uint64_t limit = UINT64_MAX) {
    std::vector<Pose> poses;
    append_to(&poses, limit);
    return poses;
  }

  // As read, at the end of `poses`.
  void append_to(std::vector<Pose>* poses, std::uint64_t limit = UINT64_MAX) {
    const std::uint64_t ready = frames_ready();
    const std::size_t count = static_cast<std::size_t>(ready < limit ? ready : limit);
    const std::size_t before = poses->size();
    poses->resize(before + count, talkface_pose_init());
    std::uint64_t got = 0;
    detail::check(talkface_stream_read(get(), poses->data() + before, count, &got), "read");
    poses->resize(before + static_cast<std::size_t>(got));
  }

  Pose sample(std::int64_t playhead = TALKFACE_NEWEST) {
    Pose pose = talkface_pose_init();
    detail::check(talkface_stream_sample(get(), playhead, &pose), "sample");
    return pose;
  }

  void interrupt(std::uint32_t ease_ms = 120) {
    detail::check(talkface_stream_interrupt(get(), ease_ms), "interrupt");
  }
  void reset() { detail::check(talkface_stream_reset(get()), "reset"); }

  std::uint32_t latency() const { return talkface_stream_latency(get()); }
  std::int64_t next_sample() const { return talkface_stream_next_sample(get()); }
  std::uint64_t samples_needed() const { return talkface_stream_samples_needed(get()); }

  talkface_stream_stats stats() const {
    talkface_stream_stats stats = talkface_stream_stats_init();
    detail::check(talkface_stream_get_stats(get(), &stats), "stats");
    return stats;
  }

  // Make every frame (1), every second (2) or every fourth one (4).
  void set_stride(std::uint32_t stride) {
    detail::check(talkface_stream_set_stride(get(), stride), "set_stride takes 1, 2 or 4");
  }

  void set_knob(const std::string& name, float value) {
    const talkface_status status = talkface_stream_set_knob(get(), name.c_str(), value);
    if (status == TALKFACE_ERROR_NOT_FOUND) throw Error(status, "no knob " + name);
    if (status < 0) throw Error(status, "value out of range for knob " + name);
  }
  float knob(const std::string& name) const {
    float value = 0.0f;
    if (talkface_stream_get_knob(get(), name.c_str(), &value) < 0) {
      throw Error(TALKFACE_ERROR_NOT_FOUND, "no knob " + name);
    }
    return value;
  }

  std::vector<unsigned char> save() const {
    std::vector<unsigned char> blob(static_cast<std::size_t>(talkface_stream_state_size(get())));
    talkface_error error = talkface_error_init();
    detail::check(talkface_stream_save(get(), blob.data(), blob.size(), &error), error);
    return blob;
  }
  void load(span<unsigned char> blob) {
    talkface_error error = talkface_error_init();
    detail::check(talkface_stream_load(get(), blob.data(), blob.size(), &error), error);
  }

 private:
  struct Destroy {
    void operator()(talkface_stream* stream) const { talkface_stream_destroy(stream); }
  };

  static void check_emotion(talkface_status status) {
    if (status == TALKFACE_ERROR_UNSUPPORTED) {
      throw Error(status, "this bundle takes no emotion");
    }
    if (status < 0) {
      throw Error(status,
                  "emotion: keys in time order from 0, shares in [0, 1] that sum to at most 1, "
                  "weight in [0, 1]");
    }
  }

  Model model_;
  std::unique_ptr<talkface_stream, Destroy> handle_;
};

// A finished animation: frames at t = i * den / num seconds.
struct Clip {
  FrameRate frame_rate;
  std::vector<Pose> frames;
};

struct AnimateOptions {
  std::uint32_t channels = 1;  // interleaved
  FrameRate frame_rate;
  std::uint64_t seed = 0;
  bool raw = false;
  std::vector<std::pair<std::string, float>> knobs;
  std::vector<Phone> phones;         // of the whole buffer, in any order; see push_phones
  std::vector<EmotionKey> emotions;  // of the whole buffer, in time order; see push_emotion
  std::string style;                 // JSON text; empty for the default
  // Called now and then with the sample frames done so far and in all; return false to stop.
  std::function<bool(std::uint64_t, std::uint64_t)> progress;
};

// A face: one bundle, streams over it, and whole buffers at once.
class TalkFace {
 public:
  explicit TalkFace(const std::string& bundle, ModelOptions options = {})
      : model_(bundle, std::move(options)) {}
  explicit TalkFace(Model model) : model_(std::move(model)) {}

  const Model& model() const { return model_; }

  Stream stream(const StreamOptions& options = {}) const { return Stream(model_, options); }

  // Animate a whole buffer: the stream with one chunk and a flush.
  Clip animate(span<float> samples, std::uint32_t sample_rate = 16000,
               const AnimateOptions& options = {}) const {
    return animate_any(samples, sample_rate, options);
  }
  Clip animate(span<std::int16_t> samples, std::uint32_t sample_rate = 16000,
               const AnimateOptions& options = {}) const {
    return animate_any(samples, sample_rate, options);
  }

 private:
  template <typename Sample>
  Clip animate_any(span<Sample> samples, std::uint32_t sample_rate,
                   const AnimateOptions& options) const {
    if (options.channels == 0 || samples.size() % options.channels != 0) {
      throw Error(TALKFACE_ERROR_INVALID_ARGUMENT,
                  "the number of samples is not a multiple of the channels");
    }
    StreamOptions o;
    o.sample_rate = sample_rate;
    o.channels = options.channels;
    o.frame_rate = options.frame_rate;
    o.seed = options.seed;
    o.raw = options.raw;
    Stream stream(model_, o);
    for (const auto& [name, value] : options.knobs) stream.set_knob(name, value);
    if (!options.style.empty()) stream.set_style(options.style);
    Clip clip;
    const talkface_model_info info = model_.info();
    clip.frame_rate = options.frame_rate.num != 0
                          ? options.frame_rate
                          : FrameRate{info.frame_rate_num, info.frame_rate_den};
    std::vector<Phone> phones = options.phones;
    std::stable_sort(phones.begin(), phones.end(),
                     [](const Phone& a, const Phone& b) { return a.start < b.start; });
    const std::uint64_t total = samples.size() / options.channels;
    std::uint64_t done = 0;
    std::size_t phones_told = 0;
    std::size_t emotions_told = 0;
    while (done < total) {
      tell(&stream, phones, &phones_told, &Stream::push_phones);
      tell(&stream, options.emotions, &emotions_told, &Stream::push_emotion);
      done += stream.push(samples.data() + done * options.channels, total - done);
      drain(&stream, &clip);
      if (options.progress && !options.progress(done, total)) return clip;
    }
    stream.flush();
    drain(&stream, &clip);
    return clip;
  }

  // Push phones or keys until no more fit.
  template <typename Item>
  static void tell(Stream* stream, const std::vector<Item>& items, std::size_t* told,
                   std::uint64_t (Stream::*push)(const Item*, std::uint64_t)) {
    while (*told < items.size()) {
      const std::uint64_t taken = (stream->*push)(items.data() + *told, items.size() - *told);
      if (taken == 0) return;
      *told += static_cast<std::size_t>(taken);
      stream->process();
    }
  }

  static void drain(Stream* stream, Clip* clip) {
    bool full = true;
    while (full) {
      stream->process(&full);
      stream->append_to(&clip->frames);
    }
  }

  Model model_;
};

}  // namespace wrapper
}  // namespace talkface
