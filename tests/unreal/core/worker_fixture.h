// A worker on the tests' bundle, stepped and sampled by hand.
#pragma once

#include <algorithm>
#include <cstdio>
#include <memory>
#include <vector>

#include "TalkFaceCore/StreamWorker.h"
#include "bundle.h"
#include "check.h"

namespace core_test {

using namespace TalkFaceCore;

inline constexpr int64_t Tick = Rate / 100;

// The workers' time, but for those that are given a clock of their own.
inline double FakeSeconds = 0;

inline WorkerOptions Options(uint64_t Seed = 7) {
  WorkerOptions Made;
  Made.Stream.sample_rate = Rate;
  Made.Stream.seed = Seed;
  Made.bIdleLife = false;
  Made.Seconds = [] { return FakeSeconds; };
  return Made;
}

inline std::unique_ptr<StreamWorker> Open(const WorkerOptions& Given = Options()) {
  talkface_error Error = talkface_error_init();
  auto Made = StreamWorker::Open(Model(), Given, &Error);
  if (Made == nullptr) std::fprintf(stderr, "%s\n", Error.message);
  return Made;
}

inline void StepAll(StreamWorker& Worker) {
  for (int I = 0; I < 1000; ++I) {
    const StepResult Result = Worker.Step(nullptr);
    CHECK(Result.Status == TALKFACE_OK);
    if (!Result.bAgain) return;
  }
  CHECK(false);  // it never rests
}

inline talkface_pose At(StreamWorker& Worker, int64_t Position) {
  talkface_pose Pose = talkface_pose_init();
  CHECK(Worker.Sample(Position, &Pose) == TALKFACE_OK);
  return Pose;
}

inline float Widest(StreamWorker& Worker, int64_t From, int64_t Length) {
  float Most = 0;
  for (int64_t Position = From; Position < From + Length; Position += Tick) {
    StepAll(Worker);
    Most = std::max(Most, At(Worker, Position).weights[17]);
  }
  StepAll(Worker);
  return Most;
}

inline void CheckSpeech(StreamWorker& Worker, int64_t From,
                        const std::vector<talkface_pose>& Expected) {
  float Most = 0;
  for (std::size_t I = 0; I < Expected.size(); ++I) {
    StepAll(Worker);
    Most =
        std::max(Most, Difference(At(Worker, From + static_cast<int64_t>(I) * Tick), Expected[I]));
  }
  CHECK(Most == 0.0f);
}

}  // namespace core_test
