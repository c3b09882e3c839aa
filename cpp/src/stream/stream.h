// One character: audio in, frames out. All mutable state lives here.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "anim/emotion.h"
#include "anim/emotion_track.h"
#include "anim/expression.h"
#include "anim/head.h"
#include "anim/idle.h"
#include "anim/knobs.h"
#include "anim/latent.h"
#include "anim/postprocess.h"
#include "anim/script.h"
#include "anim/style.h"
#include "anim/timeline.h"
#include "base/ring.h"
#include "dsp/resampler.h"
#include "dsp/windower.h"
#include "model/model.h"
#include "model/step_runner.h"

namespace talkface {

struct StreamConfig {
  std::uint32_t sample_rate = 16000;
  std::uint32_t channels = 1;
  Rational frame_rate{0, 1};  // of read; num 0: the graph's
  std::uint32_t ring_ms = 1000;
  std::uint32_t store_ms = 4000;
  bool sampling = false;
  bool raw = false;
  std::uint64_t seed = 0;
  std::uint32_t timed_capacity = 1024;  // phones, and keys, on the clock; half as many may wait
  std::uint32_t sleep_ms = 0;           // of silence, then the graph rests; 0: never
  bool member = false;                  // of a crowd, which runs the graph
};

struct StreamStats {
  std::uint64_t taken, refused, nonfinite, model_resets, steps, frames;
  bool asleep;
};

class Stream {
 public:
  static Status create(std::shared_ptr<const Model> model, const StreamConfig& config,
                       std::unique_ptr<Stream>* out);

  // [audio]
  Code push(const float* samples, std::uint64_t frames, std::uint64_t* taken);
  Code push(const std::int16_t* samples, std::uint64_t frames, std::uint64_t* taken);
  Code flush();
  // Table of phones, or nullptr: then nothing may be pushed.
  [[nodiscard]] const ArticulationTable* articulation() const { return model_->articulation(); }
  // `phone` is sound (Script::accepts).
  Code push_phone(const Phone& phone);

  [[nodiscard]] bool takes_emotion() const { return !model_->manifest().emotion_input.empty(); }
  // `key` is sound (EmotionTrack::accepts).
  Code push_emotion(const EmotionKey& key);

  // [main] Style file as text; empty for the default style. Refused inside an utterance.
  Status set_style(std::string_view json);

  // [worker]
  Status process(std::uint64_t* made);
  Status save(void* buffer, std::uint64_t capacity);
  Status load(const void* buffer, std::uint64_t size);
  [[nodiscard]] std::uint64_t state_size() const { return state_size_; }

  // [worker] A crowd enters its members (false when another thread is in one), asks each what is
  // next, runs the graph for those that want it, and leaves them.
  enum class Next { kIdle, kFull, kStep };
  bool enter();
  Next advance();
  void prepare(const StepRow& row);
  // `good`: the run succeeded and gave finite values; else the state begins anew.
  void complete(const StepRow& row, bool ran, bool good);
  void leave();
  // Of a member whose next is a step: seconds of audio pushed since it could run, and steps that
  // this audio is enough for.
  [[nodiscard]] double due_since() const;
  [[nodiscard]] std::uint64_t steps_due() const;
  // Of a member: all state tensors of the graph, one after the other.
  [[nodiscard]] Span<float> member_state() { return {state_.data(), state_.size()}; }

  // [game]
  bool read(Frame* frame, std::int64_t* index, double* seconds);
  std::uint32_t sample(std::int64_t playhead, bool newest, Frame* frame, double* seconds);

  // [any]
  [[nodiscard]] std::uint64_t frames_ready() const;
  void interrupt(std::uint32_t ease_ms);
  void reset();
  [[nodiscard]] std::uint32_t latency() const;
  [[nodiscard]] std::int64_t next_sample() const;
  [[nodiscard]] std::uint64_t samples_needed() const;
  [[nodiscard]] StreamStats stats() const;
  // Make every frame (1), every second or every fourth one; those between are interpolated.
  void set_stride(std::uint32_t stride) { stride_.store(stride, std::memory_order_relaxed); }
  [[nodiscard]] std::uint32_t stride() const { return stride_.load(std::memory_order_relaxed); }
  // [main] The host has no more use for a crowd's member.
  void abandon() { abandoned_.store(true, std::memory_order_release); }
  [[nodiscard]] bool abandoned() const { return abandoned_.load(std::memory_order_acquire); }
  // One thread at a time.
  void set_emotion(const Direction& direction) { setting_.set(direction); }
  KnobValues& knobs() { return knobs_; }
  [[nodiscard]] const KnobValues& knobs() const { return knobs_; }
  [[nodiscard]] std::uint32_t sample_rate() const { return config_.sample_rate; }

 private:
  // Flush positions on their way from the audio thread to the worker.
  class Marks {
   public:
    static constexpr std::uint64_t kCapacity = 16;
    bool push(std::uint64_t position);
    // Oldest pending mark, or `none`.
    [[nodiscard]] std::uint64_t front_or(std::uint64_t none) const;
    void pop() {
      read_.store(read_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }
    [[nodiscard]] std::uint64_t pending_count() const {
      return written_.load(std::memory_order_acquire) - read_.load(std::memory_order_acquire);
    }
    [[nodiscard]] std::vector<std::uint64_t> pending() const;
    void restore(const std::uint64_t* positions, std::uint64_t count);

   private:
    std::array<std::atomic<std::uint64_t>, kCapacity> positions_{};
    std::atomic<std::uint64_t> written_{0};
    std::atomic<std::uint64_t> read_{0};
  };

  // What the worker knows about the utterance it is in and the gap it may have to fill. Positions
  // are absolute ring positions; frames are graph frames.
  static constexpr std::uint64_t kNowhere = UINT64_MAX;
  struct Progress {
    std::uint64_t origin = 0;             // ring position of input sample 0
    std::int64_t active = 0;              // inside an utterance
    std::int64_t finishing = 0;           // its flush was reached
    std::int64_t finish_input = 0;        // its end, in input samples
    std::int64_t last_frame = 0;          // its last frame, once finishing
    std::int64_t gap_until = 0;           // frames below this are idle frames after an interrupt
    std::int64_t rewindable = INT64_MAX;  // frames from here on may be replaced by new speech
    std::int64_t ease_start = 0;          // easing from ease_from over ease_frames frames
    std::int64_t ease_frames = 0;
    std::int64_t skipped = 0;           // frames to interpolate once the next one is made
    std::int64_t asleep = 0;            // nobody speaks, the graph rests
    std::uint64_t sleep_at = kNowhere;  // ring position where the utterance ends for want of sound
    std::uint64_t scanned = 0;          // asleep: no sound before here
    std::int64_t quiet = 0;             // input samples without a sound, up to the last block
    double energy = 0.0;                // of the block so far
    Frame ease_from{};
  };

  // What goes from frame to frame besides the mouth; kept for each stored frame, so that frames can
  // be withdrawn and made anew.
  struct Life {
    Idle::State idle{};
    Director::State director;
    Expression::State expression;
    HeadMotion::State head;
    Latent::State latent;
    std::uint32_t reserved = 0;  // no padding: equal states are equal bytes
  };

  // How far one call of process goes, in positions of the ring and the queues.
  struct Horizon {
    std::uint64_t audio, phones, keys;
  };

  struct Snapshot;  // stream_snapshot.h

  Stream(std::shared_ptr<const Model> model, const StreamConfig& config);

  template <typename Sample>
  Code push_any(const Sample* samples, std::uint64_t frames, std::uint64_t* taken);

  void begin_work();
  void carry_out_requests();
  void do_reset(std::uint64_t position);
  void do_interrupt(std::uint64_t position, std::uint32_t ease_ms);
  void drop_phones_before(std::uint64_t position);
  void drop_keys_before(std::uint64_t position);
  void drop_marks_before(std::uint64_t position);
  Status work();
  void admit();
  // Ring position where the utterance ends, or kNowhere.
  [[nodiscard]] std::uint64_t utterance_end() const;
  void begin_utterance();
  [[nodiscard]] bool room_for_gap(bool speech_waits) const;
  // First frame at or after an input position; of the audio that waits in the ring.
  [[nodiscard]] std::int64_t first_frame_at(std::int64_t input) const;
  [[nodiscard]] std::int64_t next_speech_frame() const;
  void feed(std::uint64_t until);
  void finish(std::uint64_t mark);
  void end_utterance(std::uint64_t mark);
  [[nodiscard]] std::int64_t block_samples() const { return config_.sample_rate / 100; }
  [[nodiscard]] std::uint64_t next_block() const;
  void listen(const float* samples, std::size_t count);
  [[nodiscard]] bool is_quiet(std::uint64_t position, std::size_t count);
  void stay_asleep(std::uint64_t until, std::uint64_t mark);
  void set_graph_state(const float* values);
  Status get_graph_state(float* values);
  void reset_state();
  // Frame that is made next; those before it may still wait to be interpolated.
  [[nodiscard]] std::int64_t next_frame() const { return timeline_.end() + progress_.skipped; }
  [[nodiscard]] bool made(std::int64_t index) const;
  void set_pace(std::int64_t frames);
  void interpolate_skipped(const Frame& frame);
  void direct(double seconds, std::int64_t frame);
  void condition(const StepRow& row, std::int64_t last);
  void hear(const StepRow& row, std::int64_t frames);
  void emit(const StepRow& row, std::size_t number, std::int64_t index);
  void emit_raw(const StepRow& row, const GraphFrame& graph, const ScriptFrame& script,
                std::size_t number, Frame* frame) const;
  void hold(std::int64_t index);
  void append_gap_frame();
  [[nodiscard]] std::int64_t closing_frames(bool inside) const;
  [[nodiscard]] bool rests() const;
  void close_late();
  [[nodiscard]] bool closes_late() const;
  [[nodiscard]] float kept_open(std::int64_t index) const;
  [[nodiscard]] std::int64_t closed_at() const;
  [[nodiscard]] ScriptFrame script_at(double seconds, RulePose* pose) const;
  [[nodiscard]] double seconds_of(std::int64_t frame) const;
  void append(Frame* frame, std::int64_t index, const Activity& activity);
  [[nodiscard]] Life life() const;
  void restore_life(const Life& life);
  void remember_life(std::int64_t index);
  // Life as it was at the timeline's last frame, after later ones were withdrawn.
  void rewind_life();
  void publish_need();
  void measure_state();
  [[nodiscard]] std::int64_t step_of(std::int64_t frame) const;

  std::shared_ptr<const Model> model_;
  StreamConfig config_;
  WindowShape shape_;
  std::int64_t frame_step_;
  double frame_seconds_;
  std::shared_ptr<const ResamplerTable> table_;
  AudioRing ring_;
  Marks marks_;
  KnobValues knobs_;
  Resampler resampler_;
  Windower windower_;
  PostProcess post_;
  Idle idle_;
  Director director_;
  Expression expression_;
  HeadMotion head_;
  Latent latent_;
  std::vector<Life> lives_;  // of the frames that the timeline stores
  Style style_;
  EmotionSetting setting_;
  Direction constant_;  // the setting, as the worker read it last
  EmotionQueue queued_keys_;
  EmotionTrack keys_;
  PhoneQueue phones_;
  std::unique_ptr<Script> script_;  // null when the bundle has no articulation table
  Timeline timeline_;
  std::unique_ptr<StepRunner> runner_;  // null in a crowd's member
  std::vector<float> state_;            // of a member
  Horizon horizon_{};                   // of the call of process that goes on
  Progress progress_;
  std::vector<float> scratch_;
  std::uint64_t state_size_ = 0;

  std::int64_t pace_ = 1;  // frames that post-processing goes on by

  std::atomic<bool> busy_{false};
  std::atomic<bool> abandoned_{false};
  std::atomic<bool> asleep_{false};
  std::atomic<std::uint32_t> stride_{1};
  std::atomic<std::uint64_t> reset_request_{0};      // ring position + 1
  std::atomic<std::uint64_t> interrupt_request_{0};  // ring position + 1
  std::atomic<std::uint32_t> interrupt_ease_{0};
  // Phones pushed before the last reset and the last interrupt.
  std::atomic<std::uint64_t> reset_phones_{0};
  std::atomic<std::uint64_t> interrupt_phones_{0};
  // The same of emotion keys.
  std::atomic<std::uint64_t> reset_keys_{0};
  std::atomic<std::uint64_t> interrupt_keys_{0};
  std::atomic<std::uint64_t> origin_{0};
  std::atomic<std::uint64_t> needed_until_{0};  // ring position that the next frame waits for
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> refused_before_{0};  // the last reset
  std::atomic<std::uint64_t> nonfinite_before_{0};
  std::atomic<std::uint64_t> nonfinite_{0};
  std::atomic<std::uint64_t> model_resets_{0};
  std::atomic<std::uint64_t> steps_{0};
  std::atomic<std::uint64_t> made_{0};
};

}  // namespace talkface
