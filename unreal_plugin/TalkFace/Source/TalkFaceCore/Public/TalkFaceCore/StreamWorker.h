// One speaking character: audio in from one thread, poses out on another, and the work between on a
// third, which only calls Step().
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "TalkFaceCore/SpscQueue.h"
#include "TalkFaceCore/StreamClock.h"
#include "TalkFaceCore/WorkerOptions.h"
#include "talkface/talkface.h"

namespace TalkFaceCore {

// Positions count sample frames that Push took since creation; a line starts at the Produced() of
// the moment before it is pushed. Frames that Push does not take are the caller's to push again.
// [audio], [game] and [worker] are one thread each at a time, as in talkface.h.
class StreamWorker {
 public:
  // [main] A stream of its own over a model. Null on failure; Error may be null.
  static std::unique_ptr<StreamWorker> Open(const talkface_model* Model,
                                            const WorkerOptions& Options, talkface_error* Error) {
    const talkface_stream_options Given = StreamOptions(Options);
    talkface_stream* Made = nullptr;
    if (talkface_stream_create(Model, &Given, &Made, Error) != TALKFACE_OK) return nullptr;
    return Adopt(Made, Options, Error);
  }

  // [main] A member of a crowd, which does the processing: see CrowdDriver.
  static std::unique_ptr<StreamWorker> Join(talkface_crowd* Crowd, const WorkerOptions& Options,
                                            talkface_error* Error) {
    const talkface_stream_options Given = StreamOptions(Options);
    talkface_stream* Made = nullptr;
    if (talkface_crowd_join(Crowd, &Given, &Made, Error) != TALKFACE_OK) return nullptr;
    return Adopt(Made, Options, Error);
  }

  // [main] Step must not be running.
  ~StreamWorker() { talkface_stream_destroy(Stream); }
  StreamWorker(const StreamWorker&) = delete;
  StreamWorker& operator=(const StreamWorker&) = delete;

  // [audio] Interleaved audio; returns how many frames were taken.
  uint64_t Push(const float* Samples, uint64_t Frames) { return Audio.Push(Samples, Frames); }
  uint64_t Push(const int16_t* Samples, uint64_t Frames) { return Audio.Push(Samples, Frames); }

  // [audio] An emotion whose sample is a position; before its audio. False when too many wait.
  bool PushEmotion(const talkface_emotion_key& Key) {
    return TimedItems.Push({RequestOf(), false, Key, talkface_phone_init()});
  }

  // [audio] A phone whose start and end are positions; before its audio. False when too many wait.
  bool PushPhone(const talkface_phone& Phone) {
    return TimedItems.Push({RequestOf(), true, talkface_emotion_key_init(), Phone});
  }

  // [audio] The utterance ends with the audio pushed so far. False when too many wait.
  bool Finish() { return EndRequests.Push(RequestOf()); }

  // [any] Stop now: drop what was pushed and ease to neutral, 0 to 10000 ms. Go on sampling with a
  // running playhead while it eases. The next line starts at Produced(), as always.
  void Interrupt(uint32_t EaseMs) {
    DropTo.store(Audio.Written(), std::memory_order_release);
    Ease.store(std::min(EaseMs, 10000u), std::memory_order_release);
    Epoch.fetch_add(1, std::memory_order_acq_rel);
  }

  // [any] Have the slow first run of the model before the first line; nothing once there was audio.
  void RequestWarmUp() { bWarmUp.store(true, std::memory_order_release); }

  // [any] Frames taken by Push.
  int64_t Produced() const { return static_cast<int64_t>(Audio.Written()); }

  // [any] Frames that wait for the worker.
  uint64_t Waiting() const {
    const uint64_t Read = Audio.Read();
    return Audio.Written() - Read;
  }

  // [any]
  WorkerState State() const { return Now.load(std::memory_order_acquire); }

  // [any] Utterances that began, and interrupts that are over: eased out, or the next one began.
  // Counts, since a state can come and go between two looks at State.
  uint64_t Started() const { return StartedCount.load(std::memory_order_acquire); }
  uint64_t Interrupted() const { return InterruptedCount.load(std::memory_order_acquire); }

  // [any] Utterances that were heard to their end; interrupted ones do not count.
  uint64_t Finished() const { return FinishedCount.load(std::memory_order_acquire); }

  // [any] Emotions and phones that the stream refused: a bad value, or a bundle that takes none.
  uint64_t Refused() const { return RefusedCount.load(std::memory_order_acquire); }

  // [game] The pose at a position; with idle life, whatever the position, that of this moment while
  // the worker is idle. TALKFACE_NEWEST gives the newest frame, and lets the worker feed the stream
  // without waiting for a playhead.
  talkface_status Sample(int64_t Position, talkface_pose* Pose) {
    if (bIdleLife && State() == WorkerState::Idle) {
      return talkface_stream_sample(Stream, TALKFACE_NEWEST, Pose);
    }
    // Audio after an interrupt has no place on the stream's clock until the worker has seen it.
    const bool bPending =
        Epoch.load(std::memory_order_acquire) != Handled.load(std::memory_order_acquire);
    if (Position == TALKFACE_NEWEST) {
      Playhead.store(Newest, std::memory_order_release);
    } else if (!bPending || static_cast<uint64_t>(std::max<int64_t>(Position, 0)) <
                                DropTo.load(std::memory_order_acquire)) {
      Playhead.store(Clock.IndexOf(Position), std::memory_order_release);
    }
    const int64_t At = Playhead.load(std::memory_order_relaxed);
    return talkface_stream_sample(Stream, At == Newest ? TALKFACE_NEWEST : At, Pose);
  }

  // The stream, for what talkface.h allows from any thread: set_knob, set_emotion, set_stride,
  // get_stats. All else is the worker's.
  talkface_stream* Handle() { return Stream; }

  // [worker] A whole tick, for a stream of its own. Error may be null.
  StepResult Step(talkface_error* Error) {
    const bool bFed = Feed();
    uint64_t Frames = 0;
    const talkface_status Status = talkface_stream_process(Stream, &Frames, Error);
    const bool bMoved = Settle();
    return {Status, bFed || bMoved || Frames > 0};
  }

  // [worker] The two halves of a tick, before and after a crowd's process. True: something was
  // done.
  bool Feed() {
    if (FeedWarmUp()) return true;
    bool bDone = TakeInterrupt();
    // Emotions and phones are taken after this line, so that none comes later than its audio.
    const uint64_t Limit = Audio.Written();
    if (State() == WorkerState::Idle) {
      if (Audio.Read() == Limit) return RestOrEnd() || bDone;
      BeginUtterance();
    }
    GiveTimed();
    do {
      const Request* End = EndRequests.Front();
      bDone = FeedAudio(End == nullptr ? Limit : std::min(Limit, End->Position)) || bDone;
    } while (EndUtterance());
    return bDone;
  }

  bool Settle() {
    if (State() == WorkerState::WarmUp) return EndWarmUp();
    const int64_t Seen = Playhead.load(std::memory_order_acquire);
    bool bMoved = false;
    for (const int64_t* End = Ends.Front(); End != nullptr && *End <= Seen; End = Ends.Front()) {
      Ends.Pop();
      FinishedCount.fetch_add(1, std::memory_order_acq_rel);
      bMoved = true;
    }
    const bool bHeard = State() == WorkerState::Finishing && Ends.Front() == nullptr;
    const bool bEased = State() == WorkerState::Interrupting &&
                        (Seen >= EasedAt || Seconds() > EasedTime + FrozenSeconds);
    if (bHeard || bEased) Enter(WorkerState::Idle);
    return bMoved || bHeard || bEased;
  }

 private:
  static constexpr int64_t Newest = INT64_MAX / 2;
  // After an interrupt the playhead of a host may stand still: so long, and it is over all the
  // same.
  static constexpr double FrozenSeconds = 0.1;

  // When something was asked for: after how many interrupts, and behind which audio.
  struct Request {
    uint32_t Epoch;
    uint64_t Position;
  };

  struct Timed {
    Request Asked;
    bool bPhone;
    talkface_emotion_key Emotion;
    talkface_phone Phone;
  };

  static talkface_stream_options StreamOptions(const WorkerOptions& Options) {
    talkface_stream_options Given = Options.Stream;
    Given.flags |= TALKFACE_STREAM_SAMPLING;
    if (Options.bIdleLife && Given.sleep_ms == 0) Given.sleep_ms = 1000;
    return Given;
  }

  static std::unique_ptr<StreamWorker> Adopt(talkface_stream* Made, const WorkerOptions& Options,
                                             talkface_error* Error) {
    std::unique_ptr<StreamWorker> Worker(new StreamWorker(Made, Options));
    const std::string& Style = Options.Style;
    if (!Style.empty() &&
        talkface_stream_set_style(Made, Style.data(), Style.size(), Error) != TALKFACE_OK) {
      return nullptr;
    }
    return Worker;
  }

  StreamWorker(talkface_stream* Made, const WorkerOptions& Options)
      : Stream(Made),
        Rate(Options.Stream.sample_rate),
        Channels(Options.Stream.channels),
        Lead(static_cast<int64_t>(Options.LeadSeconds * Rate)),
        bIdleLife(Options.bIdleLife),
        Seconds(Options.Seconds),
        Silence(static_cast<std::size_t>(Rate / 10) * Channels),
        Audio(static_cast<std::size_t>(Options.QueueSeconds * Rate) + 1, Channels),
        TimedItems(Options.TimedCapacity),
        EndRequests(Options.TimedCapacity),
        Ends(Options.TimedCapacity) {}

  Request RequestOf() const { return {Epoch.load(std::memory_order_acquire), Audio.Written()}; }

  void Enter(WorkerState State) {
    const WorkerState Left = Now.load(std::memory_order_relaxed);
    if (Left == State) return;
    if (Left == WorkerState::Interrupting) InterruptedCount.fetch_add(1, std::memory_order_acq_rel);
    if (State == WorkerState::Speaking) StartedCount.fetch_add(1, std::memory_order_acq_rel);
    Now.store(State, std::memory_order_release);
  }

  bool TakeInterrupt() {
    const uint32_t Wanted = Epoch.load(std::memory_order_acquire);
    if (Wanted == Handled.load(std::memory_order_relaxed)) return false;
    const uint64_t From = std::max(DropTo.load(std::memory_order_acquire), Audio.Read());
    Audio.SkipTo(From);
    while (TimedItems.Front() != nullptr && IsStale(TimedItems.Front()->Asked, Wanted)) {
      TimedItems.Pop();
    }
    while (EndRequests.Front() != nullptr && IsStale(*EndRequests.Front(), Wanted)) {
      EndRequests.Pop();
    }
    while (Ends.Front() != nullptr) Ends.Pop();
    if (State() != WorkerState::Idle) {
      const uint32_t EaseMs = Ease.load(std::memory_order_acquire);
      talkface_stream_interrupt(Stream, EaseMs);
      EasedAt = Playhead.load(std::memory_order_acquire) + int64_t{EaseMs} * Rate / 1000;
      EasedTime = Seconds() + EaseMs / 1000.0;
      Enter(WorkerState::Interrupting);
    }
    Floor = talkface_stream_next_sample(Stream);
    Clock.Rebase(static_cast<int64_t>(From), Floor);
    Handled.store(Wanted, std::memory_order_release);
    return true;
  }

  static bool IsStale(const Request& Asked, uint32_t Wanted) {
    return static_cast<int32_t>(Asked.Epoch - Wanted) < 0;
  }

  // Silence may have gone in since the last line, so the audio that waits gets its place anew.
  void BeginUtterance() {
    Floor = talkface_stream_next_sample(Stream);
    Clock.Rebase(static_cast<int64_t>(Audio.Read()), Floor);
    bResting = false;
  }

  // Nothing is said: an end that was asked for, else the silence of idle life at the pace of time.
  bool RestOrEnd() {
    if (EndUtterance()) return true;
    if (!bIdleLife) return false;
    const double Time = Seconds();
    const int64_t Index = talkface_stream_next_sample(Stream);
    const int64_t Due = RestIndex + static_cast<int64_t>((Time - RestTime) * Rate) - Index;
    if (!bResting || Due > Rate) {  // the first time, or after a stall that is not caught up with
      bResting = true;
      RestTime = Time;
      RestIndex = Index;
      return false;
    }
    const uint64_t Most = Silence.size() / Channels;
    const uint64_t Frames = std::min(Most, static_cast<uint64_t>(std::max<int64_t>(Due, 0)));
    talkface_stream_push_f32(Stream, Silence.data(), Frames, nullptr);
    return Frames == Most;
  }

  // Hand emotions and phones to the stream, as many as it has room for.
  void GiveTimed() {
    for (const Timed* Item = TimedItems.Front(); Item != nullptr; Item = TimedItems.Front()) {
      const talkface_status Status = Item->bPhone ? Give(Item->Phone) : Give(Item->Emotion);
      if (Status == TALKFACE_FULL) return;
      if (Status != TALKFACE_OK) RefusedCount.fetch_add(1, std::memory_order_acq_rel);
      TimedItems.Pop();
    }
  }

  talkface_status Give(talkface_emotion_key Key) {
    Key.sample = Clock.IndexOf(Key.sample);
    return talkface_stream_push_emotion(Stream, &Key, 1, nullptr);
  }

  talkface_status Give(talkface_phone Phone) {
    Phone.start = Clock.IndexOf(Phone.start);
    Phone.end = Clock.IndexOf(Phone.end);
    return talkface_stream_push_phones(Stream, &Phone, 1, nullptr, nullptr);
  }

  // Feed audio up to a position, no further than the lead; true when some went in.
  bool FeedAudio(uint64_t End) {
    bool bFed = false;
    while (Audio.Read() < End) {
      const int64_t Index = talkface_stream_next_sample(Stream);
      const int64_t Seen = std::max(Playhead.load(std::memory_order_acquire), Floor);
      const int64_t Room = Seen + Lead - Index;
      if (Room <= 0) break;
      uint64_t Count = 0;
      const float* Samples =
          Audio.Front(std::min(End - Audio.Read(), static_cast<uint64_t>(Room)), &Count);
      uint64_t Taken = 0;
      talkface_stream_push_f32(Stream, Samples, Count, &Taken);
      Audio.SkipTo(Audio.Read() + Taken);
      if (Taken > 0) Enter(WorkerState::Speaking);
      bFed = bFed || Taken > 0;
      if (Taken < Count) break;
    }
    return bFed;
  }

  // Flush where an utterance ends and all of its audio is in; true when it did.
  bool EndUtterance() {
    const Request* End = EndRequests.Front();
    if (End == nullptr || Audio.Read() < End->Position || Ends.IsFull()) return false;
    if (talkface_stream_flush(Stream) != TALKFACE_OK) return false;
    EndRequests.Pop();
    if (State() == WorkerState::Speaking) {
      Ends.Push(talkface_stream_next_sample(Stream));
      Enter(WorkerState::Finishing);
    }
    return true;
  }

  bool FeedWarmUp() {
    if (State() == WorkerState::WarmUp) return true;
    if (!bWarmUp.exchange(false, std::memory_order_acq_rel)) return false;
    if (State() != WorkerState::Idle || talkface_stream_next_sample(Stream) != 0) return false;
    const uint64_t Needed = talkface_stream_samples_needed(Stream);
    const std::vector<float> Hop(static_cast<std::size_t>(Needed) * Channels);
    talkface_stream_push_f32(Stream, Hop.data(), Needed, nullptr);
    Enter(WorkerState::WarmUp);
    return true;
  }

  // After the process that ran the model: back to the created state, which the next one carries
  // out.
  bool EndWarmUp() {
    if (!bReset) {
      talkface_stream_reset(Stream);
      bReset = true;
    } else if (talkface_stream_next_sample(Stream) == 0) {
      bReset = false;
      Enter(WorkerState::Idle);
    }
    return true;
  }

  talkface_stream* const Stream;
  const uint32_t Rate;
  const uint32_t Channels;
  const int64_t Lead;
  const bool bIdleLife;
  double (*const Seconds)();
  const std::vector<float> Silence;
  PcmQueue Audio;
  SpscQueue<Timed> TimedItems;
  SpscQueue<Request> EndRequests;
  StreamClock Clock;
  std::atomic<uint64_t> DropTo{0};
  std::atomic<uint32_t> Ease{0};
  std::atomic<uint32_t> Epoch{0};    // interrupts asked for
  std::atomic<uint32_t> Handled{0};  // and carried out
  std::atomic<bool> bWarmUp{false};
  std::atomic<int64_t> Playhead{0};  // index in the stream, or Newest
  std::atomic<WorkerState> Now{WorkerState::Idle};
  std::atomic<uint64_t> StartedCount{0};
  std::atomic<uint64_t> InterruptedCount{0};
  std::atomic<uint64_t> FinishedCount{0};
  std::atomic<uint64_t> RefusedCount{0};
  // Of the worker alone.
  SpscQueue<int64_t> Ends;  // where utterances end on the stream's clock
  int64_t Floor = 0;        // where the newest utterance starts
  int64_t EasedAt = 0;
  double EasedTime = 0.0;
  bool bReset = false;
  bool bResting = false;  // idle life is under way, since
  double RestTime = 0.0;  // this moment, at
  int64_t RestIndex = 0;  // this index
};

}  // namespace TalkFaceCore
