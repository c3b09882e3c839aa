// The C++ wrapper: RAII, exceptions, animate.
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include "harness.h"
#include "talkface/talkface.hpp"

namespace {

int failures = 0;

void check(bool good, const char* text, int line) {
  if (good) return;
  std::fprintf(stderr, "capi.cpp:%d: %s failed\n", line, text);
  ++failures;
}
#define CHECK(expression) check((expression), #expression, __LINE__)

template <typename Body>
talkface_status thrown(Body body) {
  try {
    body();
  } catch (const talkface::Error& error) {
    return error.status();
  }
  return TALKFACE_OK;
}

void run(const char* bundle) {
  int lines = 0;
  talkface::ModelOptions options;
  options.provider = TALKFACE_PROVIDER_CUDA;
  options.log = [&lines](talkface_log_level, const char*) { ++lines; };
  const talkface::TalkFace face{talkface::Model(bundle, options)};
  CHECK(face.model().channels().size() == face.model().info().channel_count);

  std::vector<float> audio(20000);
  std::uint32_t noise = 7;
  for (float& x : audio) {
    noise = noise * 1664525u + 1013904223u;
    x = static_cast<float>(noise >> 8) / 16777216.0f * 0.2f;
  }
  talkface::AnimateOptions how;
  how.frame_rate = {30, 1};
  how.knobs = {{"lower_strength", 1.5f}};
  const talkface::Clip clip = face.animate(audio, 16000, how);
  CHECK(clip.frames.size() == 38 && clip.frame_rate.num == 30);

  // animate is the stream with one chunk and a flush.
  talkface::StreamOptions same;
  same.frame_rate = {30, 1};
  same.ring_ms = 3000;
  talkface::Stream stream = face.stream(same);
  stream.set_knob("lower_strength", 1.5f);
  CHECK(stream.push(audio.data(), audio.size()) == audio.size());
  stream.flush();
  stream.process();
  const std::vector<talkface::Pose> poses = stream.read();
  CHECK(poses.size() == clip.frames.size());
  for (std::size_t i = 0; i < poses.size(); ++i) {
    CHECK(std::memcmp(&poses[i], &clip.frames[i], sizeof(talkface::Pose)) == 0);
  }

  // Phones in any order; the script moves the mouth.
  how.phones = {talkface::phone(9000, 12000, "M"), talkface::phone(4000, 9000, "AA1")};
  const talkface::Clip told = face.animate(audio, 16000, how);
  const std::size_t jaw = talkface::channel("jawOpen");
  CHECK(told.frames[12].weights[jaw] > 0.5f);
  CHECK(told.frames[20].weights[talkface::channel("mouthPressLeft")] >= 0.3f);
  how.knobs.emplace_back("script_strength", 0.0f);
  const talkface::Clip untold = face.animate(audio, 16000, how);
  CHECK(std::memcmp(untold.frames.data(), clip.frames.data(),
                    clip.frames.size() * sizeof(talkface::Pose)) == 0);
  CHECK(thrown([] { talkface::phone(0, 1, "NOTAPHONE"); }) == TALKFACE_ERROR_INVALID_ARGUMENT);
  const talkface::Phone wrong[] = {talkface::phone(0, 100, "AA"), talkface::phone(100, 200, "QX")};
  CHECK(thrown([&] { stream.push_phones(wrong, 2); }) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(stream.push_phones(wrong, 1) == 1);

  const std::vector<std::int16_t> shorts(3200, 100);
  CHECK(face.animate(shorts, 8000).frames.size() == 40);
  const std::vector<unsigned char> blob = stream.save();
  stream.load(blob);
  talkface::Stream moved = std::move(stream);
  CHECK(moved.knob("lower_strength") == 1.5f);

  CHECK(talkface::channel("jawOpen") == 17);
  CHECK(thrown([] { talkface::channel("jaw"); }) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(thrown([] { talkface::TalkFace("nowhere"); }) == TALKFACE_ERROR_NOT_FOUND);
  CHECK(thrown([&] { moved.set_knob("none", 1.0f); }) == TALKFACE_ERROR_NOT_FOUND);
  CHECK(thrown([&] { moved.load(std::vector<unsigned char>(3)); }) == TALKFACE_ERROR_BAD_STATE);
  talkface::AnimateOptions three;
  three.channels = 3;
  CHECK(thrown([&] { face.animate(audio, 16000, three); }) == TALKFACE_ERROR_INVALID_ARGUMENT);

  // A log function that throws does no harm, and logs go to the model that runs, not to the first
  // one.
  talkface::ModelOptions loud;
  loud.provider = TALKFACE_PROVIDER_CUDA;
  loud.log = [](talkface_log_level, const char*) { throw std::runtime_error("logged"); };
  talkface::Stream stream_of_loud = talkface::TalkFace{talkface::Model(bundle, loud)}.stream();
  stream_of_loud.push(audio.data(), 8000);
  CHECK(stream_of_loud.process() > 0);

  // Nor does a reader: what it throws stops at the C interface.
  talkface_reader thrower = talkface_reader_init();
  thrower.size = [](void*, const char*) -> std::int64_t { throw 7; };
  thrower.read = [](void*, const char*, std::uint64_t, void*, std::uint64_t) -> std::int64_t {
    return -1;
  };
  talkface_model* none = nullptr;
  talkface_error error = talkface_error_init();
  CHECK(talkface_model_open_with(&thrower, nullptr, &none, &error) == TALKFACE_ERROR_INTERNAL);
  CHECK(error.status == TALKFACE_ERROR_INTERNAL && std::strstr(error.message, "callback"));

  // A model may be destroyed before its streams.
  auto short_lived = std::make_unique<talkface::TalkFace>(bundle);
  talkface::Stream survivor = short_lived->stream();
  short_lived.reset();
  survivor.push(audio.data(), 8000);
  CHECK(survivor.process() > 0);
}

}  // namespace

int main(int argc, char** argv) {
  return with_bundle(argc, argv, [](const char* bundle) {
    run(bundle);
    return failures;
  });
}
