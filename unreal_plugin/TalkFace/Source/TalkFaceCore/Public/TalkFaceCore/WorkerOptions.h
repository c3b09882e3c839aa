// How a StreamWorker is set up, and what it says of itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "talkface/talkface.h"

namespace TalkFaceCore {

enum class WorkerState : uint8_t {
  Idle,         // silent: at rest, or idle life
  WarmUp,       // the first run of the model, which is slow, is being had in advance
  Speaking,     // audio goes into the stream
  Finishing,    // all of an utterance is in the stream, and not yet heard
  Interrupting  // easing to neutral
};

inline double SteadySeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct WorkerOptions {
  talkface_stream_options Stream = talkface_stream_options_init();
  double QueueSeconds = 60.0;     // of pushed audio that can wait for the worker
  double LeadSeconds = 1.0;       // how far the stream is fed ahead of the playhead; below store_ms
  uint32_t TimedCapacity = 1024;  // emotions and phones that can wait, and ends of utterances
  std::string Style;              // JSON of a style file, or empty
  // Blinks, gaze and breath go on between lines, at the pace of Seconds. The stream then sleeps in
  // silence (after a second, unless it has a sleep_ms of its own), so that they cost little.
  bool bIdleLife = true;
  double (*Seconds)() = SteadySeconds;
};

// What a step did. bAgain: call again at once; else wait a few milliseconds or for more audio.
struct StepResult {
  talkface_status Status = TALKFACE_OK;
  bool bAgain = false;
};

}  // namespace TalkFaceCore
