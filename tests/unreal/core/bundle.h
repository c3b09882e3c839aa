// The bundle and the speech that the tests use: TALKFACE_BUNDLE is a folder, TALKFACE_SPEECH raw
// float32 at 16 kHz, one channel.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "talkface/talkface.h"

namespace core_test {

inline constexpr uint32_t Rate = 16000;

inline const char* Setting(const char* Name) {
  const char* Value = std::getenv(Name);
  if (Value == nullptr) {
    std::fprintf(stderr, "set %s\n", Name);
    std::exit(2);
  }
  return Value;
}

inline const talkface_model* Model() {
  static talkface_model* const Opened = [] {
    talkface_model* Made = nullptr;
    talkface_error Error = talkface_error_init();
    if (talkface_model_open(Setting("TALKFACE_BUNDLE"), nullptr, &Made, &Error) != TALKFACE_OK) {
      std::fprintf(stderr, "%s\n", Error.message);
      std::exit(2);
    }
    return Made;
  }();
  return Opened;
}

inline const std::vector<float>& Speech() {
  static const std::vector<float> Read = [] {
    std::vector<float> Samples(Rate * 60);
    std::FILE* File = std::fopen(Setting("TALKFACE_SPEECH"), "rb");
    Samples.resize(File ? std::fread(Samples.data(), sizeof(float), Samples.size(), File) : 0);
    if (Samples.size() < Rate) {
      std::fprintf(stderr, "TALKFACE_SPEECH holds less than a second\n");
      std::exit(2);
    }
    std::fclose(File);
    return Samples;
  }();
  return Read;
}

// Poses of the speech, 100 a second, by the library alone.
inline std::vector<talkface_pose> Expected(uint64_t Seed,
                                           const std::vector<talkface_emotion_key>& Keys = {}) {
  talkface_stream_options Options = talkface_stream_options_init();
  Options.sample_rate = Rate;
  Options.flags = TALKFACE_STREAM_SAMPLING;
  Options.ring_ms = Options.store_ms = 60000;
  Options.seed = Seed;
  talkface_stream* Stream = nullptr;
  if (talkface_stream_create(Model(), &Options, &Stream, nullptr) != TALKFACE_OK) std::exit(2);
  if (!Keys.empty()) talkface_stream_push_emotion(Stream, Keys.data(), Keys.size(), nullptr);
  talkface_stream_push_f32(Stream, Speech().data(), Speech().size(), nullptr);
  talkface_stream_flush(Stream);
  talkface_stream_process(Stream, nullptr, nullptr);
  std::vector<talkface_pose> Poses;
  for (int64_t At = 0; At < static_cast<int64_t>(Speech().size()); At += Rate / 100) {
    talkface_pose Pose = talkface_pose_init();
    talkface_stream_sample(Stream, At, &Pose);
    Poses.push_back(Pose);
  }
  talkface_stream_destroy(Stream);
  return Poses;
}

inline float Difference(const talkface_pose& A, const talkface_pose& B) {
  float Most = 0;
  for (int I = 0; I < TALKFACE_CHANNEL_COUNT; ++I) {
    const float Off = A.weights[I] - B.weights[I];
    Most = Off > Most ? Off : -Off > Most ? -Off : Most;
  }
  for (int I = 0; I < 4; ++I) {
    const float Off = A.head_rotation[I] - B.head_rotation[I];
    Most = Off > Most ? Off : -Off > Most ? -Off : Most;
  }
  return Most;
}

}  // namespace core_test
