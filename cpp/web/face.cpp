// One bundle and streams over it, as the page's worker calls them: numbers, texts and tables in our
// memory. A failed call returns a negative number, or null; talkface_web_error says why.
#include <memory>
#include <string>
#include <vector>

#include "onnx_web.h"
#include "talkface/talkface.hpp"

namespace {

using talkface::Error;
using talkface::Model;
using talkface::Pose;
using talkface::Stream;

constexpr int kFailed = -1;
std::string last_error;
std::unique_ptr<Model> model;

template <typename Body>
auto guarded(Body body, decltype(body()) otherwise) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& error) {
    last_error = error.what();
    return otherwise;
  }
}

std::string quoted(const std::string& text) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + "\"";
}

// `item` gives the text of an index, or null past the last.
template <typename Item>
std::string listed(Item item, std::uint32_t most = UINT32_MAX) {
  std::string made;
  for (std::uint32_t i = 0; i < most; ++i) {
    const char* name = item(i);
    if (name == nullptr) break;
    made += (i > 0 ? "," : "") + quoted(name);
  }
  return "[" + made + "]";
}

std::string knobs() {
  std::string made;
  for (std::uint32_t i = 0; i < talkface_knob_count(); ++i) {
    talkface_knob knob{};
    knob.struct_size = sizeof(knob);
    talkface_knob_get(i, &knob);
    made += (i > 0 ? "," : "") + std::string("{\"name\":") + quoted(knob.name) +
            ",\"doc\":" + quoted(knob.doc) + ",\"default\":" + std::to_string(knob.default_value) +
            ",\"minimum\":" + std::to_string(knob.min_value) +
            ",\"maximum\":" + std::to_string(knob.max_value) + "}";
  }
  return "[" + made + "]";
}

bool takes_emotion() {
  Stream stream(*model, {});
  const talkface_emotion_key none = talkface_emotion_key_init();
  return talkface_stream_push_emotion(stream.get(), &none, 0, nullptr) !=
         TALKFACE_ERROR_UNSUPPORTED;
}

std::string described() {
  const talkface_model_info info = model->info();
  return "{\"name\":" + quoted(info.name) + ",\"version\":" + quoted(info.version) +
         ",\"talkface\":" + quoted(talkface_version()) +
         ",\"onnxruntime\":" + quoted(info.onnxruntime) + ",\"fps\":[" +
         std::to_string(info.frame_rate_num) + "," + std::to_string(info.frame_rate_den) + "]" +
         ",\"channels\":" + listed(talkface_channel_name) +
         ",\"emotions\":" + listed(talkface_emotion_name, info.emotion_count) +
         ",\"visemes\":" + listed(talkface_viseme_name, info.viseme_count) + ",\"identities\":" +
         listed([](std::uint32_t i) { return talkface_model_identity(model->get(), i); }) +
         ",\"takes_emotion\":" + (takes_emotion() ? "true" : "false") + ",\"knobs\":" + knobs() +
         "}";
}

talkface_reader files() {
  talkface_reader reader = talkface_reader_init();
  reader.size = [](void*, const char* name) -> std::int64_t { return talkface_file_size(name); };
  reader.read = [](void*, const char* name, std::uint64_t offset, void* destination,
                   std::uint64_t count) -> std::int64_t {
    return talkface_file_read(name, static_cast<std::uint32_t>(offset), destination,
                              static_cast<std::uint32_t>(count));
  };
  return reader;
}

float* append(float* to, const float* values, std::size_t count) {
  return std::copy_n(values, count, to);
}

}  // namespace

extern "C" {

const char* talkface_web_error() { return last_error.c_str(); }

// Opens the bundle whose files the page has; 0 when it is open.
int talkface_web_open() {
  return guarded(
      [] {
        const talkface_reader reader = files();
        model = std::make_unique<Model>(reader);
        return 0;
      },
      kFailed);
}

// What the page builds its controls from, as JSON.
const char* talkface_web_describe() {
  static std::string text;
  return guarded(
      [] {
        text = described();
        return text.c_str();
      },
      static_cast<const char*>(nullptr));
}

// `fps_num` 0: the graph's own rate. `seed`: a whole number below 2^53.
Stream* talkface_web_stream(std::uint32_t sample_rate, std::uint32_t channels,
                            std::uint32_t fps_num, std::uint32_t fps_den, double seed, int raw) {
  return guarded(
      [&] {
        talkface::StreamOptions options;
        options.sample_rate = sample_rate;
        options.channels = channels;
        options.frame_rate = {fps_num, fps_den};
        options.seed = static_cast<std::uint64_t>(seed);
        options.raw = raw != 0;
        return new Stream(*model, options);
      },
      static_cast<Stream*>(nullptr));
}

void talkface_web_destroy(Stream* stream) { delete stream; }

int talkface_web_knob(Stream* stream, const char* name, float value) {
  return guarded(
      [&] {
        stream->set_knob(name, value);
        return 0;
      },
      kFailed);
}

int talkface_web_style(Stream* stream, const char* json) {
  return guarded(
      [&] {
        stream->set_style(json);
        return 0;
      },
      kFailed);
}

// A direction of the whole buffer: shares of TALKFACE_EMOTION_COUNT emotions.
int talkface_web_emotion(Stream* stream, const float* mix, float weight) {
  return guarded(
      [&] {
        talkface_emotion_key key = talkface_emotion_key_init();
        std::copy_n(mix, TALKFACE_EMOTION_COUNT, key.mix);
        key.weight = weight;
        stream->push_emotion(&key, 1);
        return 0;
      },
      kFailed);
}

// Sample frames taken.
int talkface_web_push(Stream* stream, const float* samples, std::uint32_t frames) {
  return guarded([&] { return static_cast<int>(stream->push(samples, frames)); }, kFailed);
}

int talkface_web_flush(Stream* stream) {
  return guarded(
      [&] {
        stream->flush();
        return 0;
      },
      kFailed);
}

// 1 when frames must be read before it can go on.
int talkface_web_process(Stream* stream) {
  return guarded(
      [&] {
        bool full = false;
        stream->process(&full);
        return full ? 1 : 0;
      },
      kFailed);
}

// Floats of a row of talkface_web_read: weights, rotation, translation, emotion, valence and
// arousal, visemes.
int talkface_web_width() {
  return TALKFACE_CHANNEL_COUNT + 4 + 3 + TALKFACE_EMOTION_COUNT + 2 + TALKFACE_VISEME_COUNT;
}

// Rows written, at most `capacity`.
int talkface_web_read(Stream* stream, float* rows, std::uint32_t capacity) {
  return guarded(
      [&] {
        const std::vector<Pose> poses = stream->read(capacity);
        for (const Pose& pose : poses) {
          rows = append(rows, pose.weights, TALKFACE_CHANNEL_COUNT);
          rows = append(rows, pose.head_rotation, 4);
          rows = append(rows, pose.head_translation, 3);
          rows = append(rows, pose.emotion, TALKFACE_EMOTION_COUNT);
          rows = append(rows, &pose.valence, 1);
          rows = append(rows, &pose.arousal, 1);
          rows = append(rows, pose.visemes, TALKFACE_VISEME_COUNT);
        }
        return static_cast<int>(poses.size());
      },
      kFailed);
}
}
