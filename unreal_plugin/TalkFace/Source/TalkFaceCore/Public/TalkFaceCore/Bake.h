// A whole sound into poses, for animation assets.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "talkface/talkface.h"

namespace TalkFaceCore {

struct BakeOptions {
  uint32_t SampleRate = 48000;
  uint32_t Channels = 1;
  uint32_t FrameRateNum = 30;
  uint32_t FrameRateDen = 1;
  uint64_t Seed = 0;
  std::string Style;                                          // JSON of a style file, or empty
  std::array<float, TALKFACE_EMOTION_COUNT> Emotion = {{1}};  // shares, their sum at most 1
  float EmotionWeight = 0.0f;  // how far they replace the emotion that is heard
  struct KnobValue {
    std::string Name;
    float Value;
  };
  std::vector<KnobValue> Knobs;
  // Called now and then with the share that is done, 0 to 1; false ends the bake.
  bool (*Progress)(void* User, double Share) = nullptr;
  void* User = nullptr;
};

enum class BakeResult { Done, Cancelled, Failed };

namespace Detail {

inline talkface_status SetUp(talkface_stream* Stream, const BakeOptions& Options,
                             talkface_error* Error) {
  talkface_status Status = TALKFACE_OK;
  if (!Options.Style.empty()) {
    Status = talkface_stream_set_style(Stream, Options.Style.data(), Options.Style.size(), Error);
  }
  for (const BakeOptions::KnobValue& Knob : Options.Knobs) {
    if (Status == TALKFACE_OK) {
      Status = talkface_stream_set_knob(Stream, Knob.Name.c_str(), Knob.Value);
      if (Status != TALKFACE_OK && Error != nullptr) {
        std::snprintf(Error->message, sizeof(Error->message),
                      "no knob %s, or %g is out of its range", Knob.Name.c_str(),
                      static_cast<double>(Knob.Value));
      }
    }
  }
  if (Status == TALKFACE_OK && Options.EmotionWeight > 0) {
    Status = talkface_stream_set_emotion(Stream, Options.Emotion.data(), Options.EmotionWeight);
  }
  return Status;
}

inline talkface_status ReadAll(talkface_stream* Stream, std::vector<talkface_pose>& Out) {
  std::array<talkface_pose, 64> Block;
  for (;;) {
    for (talkface_pose& Pose : Block) Pose = talkface_pose_init();
    uint64_t Count = 0;
    const talkface_status Status = talkface_stream_read(Stream, Block.data(), Block.size(), &Count);
    if (Status != TALKFACE_OK || Count == 0) return Status;
    Out.insert(Out.end(), Block.begin(), Block.begin() + static_cast<std::ptrdiff_t>(Count));
  }
}

}  // namespace Detail

// Frames of the whole sound at the frame rate, from t = 0. Samples: interleaved, Frames * Channels
// values. On failure Error, which may be null, says why. [any thread that may block]
inline BakeResult Bake(const talkface_model* Model, const float* Samples, uint64_t Frames,
                       const BakeOptions& Options, std::vector<talkface_pose>& Out,
                       talkface_error* Error) {
  talkface_stream_options Given = talkface_stream_options_init();
  Given.sample_rate = Options.SampleRate;
  Given.channels = Options.Channels;
  Given.frame_rate_num = Options.FrameRateNum;
  Given.frame_rate_den = Options.FrameRateDen;
  Given.seed = Options.Seed;
  talkface_stream* Stream = nullptr;
  talkface_status Status = talkface_stream_create(Model, &Given, &Stream, Error);
  if (Status == TALKFACE_OK) Status = Detail::SetUp(Stream, Options, Error);
  uint64_t Pushed = 0;
  bool bCancelled = false;
  Out.clear();
  while (Status == TALKFACE_OK && !bCancelled) {
    uint64_t Taken = 0;
    const uint64_t Chunk = std::min<uint64_t>(Frames - Pushed, Options.SampleRate / 2);
    Status = talkface_stream_push_f32(Stream, Samples + Pushed * Options.Channels, Chunk, &Taken);
    Pushed += Taken;
    const bool bLast = Pushed == Frames;
    if (bLast && Status == TALKFACE_OK) Status = talkface_stream_flush(Stream);
    do {
      const talkface_status Made = talkface_stream_process(Stream, nullptr, Error);
      const talkface_status Read = Detail::ReadAll(Stream, Out);
      Status = Made < 0 ? Made : Read < 0 ? Read : Made;
    } while (Status == TALKFACE_FULL);
    const double Share = Frames > 0 ? static_cast<double>(Pushed) / static_cast<double>(Frames) : 1;
    bCancelled = Options.Progress != nullptr && !Options.Progress(Options.User, Share);
    if (bLast) break;
  }
  talkface_stream_destroy(Stream);
  if (Status != TALKFACE_OK && Error != nullptr && Error->status == TALKFACE_OK) {
    Error->status = Status;
  }
  if (Status != TALKFACE_OK) return BakeResult::Failed;
  return bCancelled ? BakeResult::Cancelled : BakeResult::Done;
}

}  // namespace TalkFaceCore
