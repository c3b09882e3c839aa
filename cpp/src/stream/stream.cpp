#include "stream/stream.h"

#include <algorithm>

#include "base/busy_guard.h"
#include "base/fp_mode.h"
#include "base/math.h"

namespace talkface {
namespace {

constexpr std::size_t kFeedSamples = 256;
constexpr std::size_t kWindowSlack = 2 * kFeedSamples + 32;  // two outputs a sample, and spare

std::size_t ring_samples(const StreamConfig& config) {
  return static_cast<std::size_t>(std::uint64_t{config.sample_rate} * config.ring_ms / 1000) + 1;
}

std::size_t store_frames(const Manifest& m, const StreamConfig& config) {
  const std::uint64_t frames =
      std::uint64_t{config.store_ms} * m.frame_rate_num / m.frame_rate_den / 1000;
  return static_cast<std::size_t>(frames) + 2 * m.frames_per_step;
}

Rational graph_rate(const Manifest& m) {
  return {static_cast<std::int64_t>(m.frame_rate_num), static_cast<std::int64_t>(m.frame_rate_den)};
}

double seconds_per_frame(const Manifest& m) {
  return static_cast<double>(m.frame_rate_den) / static_cast<double>(m.frame_rate_num);
}

// Phones and keys are kept as long as a frame may still be made from them: what dominates or closes
// lies within a second, and a frame lies behind the audio by what the graph waits for.
double history_seconds(const Manifest& m) {
  return 2.0 + static_cast<double>(m.look_ahead + 2 * m.hop) / m.sample_rate;
}

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

Status Stream::create(std::shared_ptr<const Model> model, const StreamConfig& config,
                      std::unique_ptr<Stream>* out) {
  const FpModeGuard guard;
  std::unique_ptr<Stream> stream(new Stream(std::move(model), config));
  if (config.member) {
    stream->state_.resize(stream->model_->initial_state().size());
  } else {
    Status status =
        StepRunner::create(stream->model_->session(), stream->model_->manifest(), &stream->runner_);
    if (!status.ok()) return status;
  }
  stream->reset_state();
  stream->measure_state();
  stream->publish_need();
  *out = std::move(stream);
  return {};
}

Stream::Stream(std::shared_ptr<const Model> model, const StreamConfig& config)
    : model_(std::move(model)),
      config_(config),
      shape_{model_->manifest().hop, model_->manifest().window_offset,
             model_->manifest().window_length,
             model_->manifest().hop - model_->manifest().frame_step()},
      frame_step_(model_->manifest().frame_step()),
      frame_seconds_(seconds_per_frame(model_->manifest())),
      table_(model_->resampler(config.sample_rate)),
      ring_(ring_samples(config)),
      resampler_(*table_),
      windower_(shape_, kWindowSlack),
      post_({model_->manifest().channel_indices.data(), model_->manifest().channel_indices.size()},
            frame_seconds_),
      idle_(config.seed, frame_seconds_),
      expression_(model_->manifest().expression_indices, model_->manifest().expression_rest,
                  frame_seconds_),
      head_(frame_seconds_),
      latent_(config.seed, model_->manifest().noise_size),
      queued_keys_(config.timed_capacity / 2),
      keys_(static_cast<std::int64_t>(history_seconds(model_->manifest()) * config.sample_rate),
            config.timed_capacity),
      phones_(config.timed_capacity / 2),
      timeline_(store_frames(model_->manifest(), config), graph_rate(model_->manifest()),
                config.frame_rate.num > 0 ? config.frame_rate : graph_rate(model_->manifest()),
                config.sample_rate, config.sampling),
      scratch_(kFeedSamples) {
  lives_.resize(timeline_.capacity());
  if (model_->articulation() == nullptr) return;
  const Manifest& m = model_->manifest();
  script_ = std::make_unique<Script>(model_->articulation(),
                                     static_cast<double>(m.frame_rate_num) / m.frame_rate_den,
                                     config.sample_rate, history_seconds(m), config.timed_capacity);
}

// ---- requests, carried out by the worker

void Stream::carry_out_requests() {
  std::uint64_t request = reset_request_.load(std::memory_order_acquire);
  while (request != 0) {
    do_reset(request - 1);
    // The request stays visible until it is carried out; a newer one is carried out too.
    if (reset_request_.compare_exchange_strong(request, 0, std::memory_order_acq_rel)) break;
  }
  request = interrupt_request_.exchange(0, std::memory_order_acq_rel);
  if (request != 0) {
    drop_phones_before(interrupt_phones_.load(std::memory_order_acquire));
    drop_keys_before(interrupt_keys_.load(std::memory_order_acquire));
  }
  // An interrupt from before a reset, or before any audio, has nothing to stop.
  if (request != 0 && request - 1 > progress_.origin) {
    do_interrupt(request - 1, interrupt_ease_.load(std::memory_order_relaxed));
  }
}

void Stream::drop_marks_before(std::uint64_t position) {
  while (marks_.front_or(UINT64_MAX) <= position) marks_.pop();
}

// What the timeline holds was pushed before any request that is carried out now.
void Stream::drop_phones_before(std::uint64_t position) {
  phones_.drop_before(position);
  if (script_ != nullptr) script_->clear();
}

void Stream::drop_keys_before(std::uint64_t position) {
  queued_keys_.drop_before(position);
  keys_.clear();
}

void Stream::do_reset(std::uint64_t position) {
  ring_.drop_before(position);
  drop_phones_before(reset_phones_.load(std::memory_order_acquire));
  drop_keys_before(reset_keys_.load(std::memory_order_acquire));
  drop_marks_before(position);
  progress_ = Progress();
  progress_.origin = position;
  origin_.store(position, std::memory_order_release);
  timeline_.clear();
  post_.reset();
  restore_life(Life());
  reset_state();
  asleep_.store(false, std::memory_order_relaxed);
  for (auto* counter : {&model_resets_, &steps_, &made_}) {
    counter->store(0, std::memory_order_relaxed);
  }
}

void Stream::do_interrupt(std::uint64_t position, std::uint32_t ease_ms) {
  ring_.drop_before(position);
  drop_marks_before(position);
  const Manifest& m = model_->manifest();
  const std::int64_t seen = timeline_.last_seen();
  const std::int64_t input = static_cast<std::int64_t>(position - progress_.origin);
  progress_.ease_from = timeline_.pose_seen();
  timeline_.rewind_to(seen);
  // Reading goes as far as the clock: what lies beyond may still become the next utterance.
  timeline_.set_limit(input);
  post_.reset();
  rewind_life();
  progress_.active = 0;
  progress_.finishing = 0;
  progress_.skipped = 0;
  progress_.sleep_at = kNowhere;
  progress_.quiet = 0;
  progress_.energy = 0.0;
  progress_.ease_start = seen;
  progress_.ease_frames =
      seen < 0 ? 0
               : static_cast<std::int64_t>(std::uint64_t{ease_ms} * m.frame_rate_num /
                                           m.frame_rate_den / 1000);
  progress_.gap_until = std::max(first_frame_at(input), seen + 1 + progress_.ease_frames);
  progress_.rewindable = seen + 1;
}

std::int64_t Stream::first_frame_at(std::int64_t input) const {
  return ceil_div(table_->output_at(input), frame_step_);
}

// ---- worker

Status Stream::process(std::uint64_t* made) {
  if (runner_ == nullptr) {
    return {Code::kBadState, "this stream belongs to a crowd: process the crowd"};
  }
  const BusyGuard busy(&busy_);
  if (!busy.taken()) {
    return {Code::kBusy, "another thread is inside process, save or load of this stream"};
  }
  const FpModeGuard guard;
  begin_work();
  const std::uint64_t before = made_.load(std::memory_order_relaxed);
  Status status = work();
  publish_need();
  if (made != nullptr) *made = made_.load(std::memory_order_relaxed) - before;
  return status;
}

// How far this call goes is taken before the requests are looked at, so that nothing pushed after a
// request is consumed with what came before it; and flush marks up to here are visible already.
void Stream::begin_work() {
  horizon_.audio = ring_.written();
  // After it: whoever pushes phones and keys before their audio has them in time.
  horizon_.phones = phones_.written();
  horizon_.keys = queued_keys_.written();
  carry_out_requests();
}

void Stream::admit() {
  const auto now = static_cast<std::int64_t>(ring_.consumed() - progress_.origin);
  if (script_ != nullptr) script_->admit(&phones_, horizon_.phones, now);
  keys_.admit(&queued_keys_, horizon_.keys, now);
}

Status Stream::work() {
  while (true) {
    const Next next = advance();
    if (next == Next::kIdle) return {};
    if (next == Next::kFull) return Status(Code::kFull);
    const StepRow row = runner_->row();
    prepare(row);
    Status status = runner_->run();
    complete(row, status.ok(), status.ok() && runner_->finite());
    if (!status.ok()) return status;
  }
}

std::uint64_t Stream::utterance_end() const {
  return std::min(marks_.front_or(kNowhere), progress_.sleep_at);
}

Stream::Next Stream::advance() {
  while (true) {
    admit();
    const std::uint64_t mark = utterance_end();
    if (progress_.active == 0) {
      if (mark <= ring_.consumed()) {
        marks_.pop();
        continue;
      }
      if (progress_.asleep != 0) stay_asleep(horizon_.audio, mark);
      const bool waiting = ring_.consumed() < horizon_.audio;
      if (waiting && progress_.asleep == 0 && timeline_.end() >= next_speech_frame()) {
        begin_utterance();
        continue;
      }
      // A sleeper's frames go with its audio, as a speaker's do.
      const bool follows = waiting || progress_.asleep != 0;
      const std::int64_t due = follows ? next_speech_frame() : 0;
      const std::int64_t eased = waiting && progress_.asleep == 0 ? 0 : progress_.gap_until;
      if (timeline_.end() >= std::max(due, eased)) return Next::kIdle;
      if (!room_for_gap(timeline_.end() < due)) return waiting ? Next::kFull : Next::kIdle;
      append_gap_frame();
    } else if (windower_.ready()) {
      const std::int64_t made = progress_.skipped + model_->manifest().frames_per_step;
      return timeline_.room() < made ? Next::kFull : Next::kStep;
    } else if (std::min(mark, horizon_.audio) > ring_.consumed()) {
      feed(std::min(mark, horizon_.audio));
    } else if (mark <= ring_.consumed()) {
      finish(mark);
    } else {
      return Next::kIdle;
    }
  }
}

std::int64_t Stream::next_speech_frame() const {
  return first_frame_at(static_cast<std::int64_t>(ring_.consumed() - progress_.origin));
}

bool Stream::room_for_gap(bool speech_waits) const {
  if (!config_.sampling) return timeline_.room() >= 1;
  // Frames of an easing must be seen before they are overwritten, unless speech cannot wait.
  return speech_waits || timeline_.room_ahead_of_sampler() >= 1;
}

void Stream::begin_utterance() {
  const std::int64_t input = static_cast<std::int64_t>(ring_.consumed() - progress_.origin);
  const std::int64_t start = resampler_.begin(input);
  if (progress_.rewindable < timeline_.end()) {
    const std::int64_t keep = std::max(timeline_.last_seen(), progress_.rewindable - 1);
    timeline_.rewind_to(std::max(keep, ceil_div(start, frame_step_) - 1));
    rewind_life();
  }
  progress_.gap_until = 0;
  progress_.rewindable = INT64_MAX;
  progress_.active = 1;
  progress_.finishing = 0;
  timeline_.set_limit(Timeline::kNoLimit);
  windower_.begin(start);
  reset_state();
  director_.forget();
  head_.let_go();
}

void Stream::feed(std::uint64_t until) {
  if (config_.sleep_ms > 0) until = std::min(until, next_block());
  const std::uint64_t available = until - ring_.consumed();
  const std::size_t count = ring_.read(
      scratch_.data(), static_cast<std::size_t>(std::min<std::uint64_t>(available, kFeedSamples)));
  if (config_.sleep_ms > 0) listen(scratch_.data(), count);
  std::size_t capacity = 0;
  std::size_t consumed = 0;
  float* room = windower_.room(&capacity);
  windower_.wrote(resampler_.process(scratch_.data(), count, &consumed, room, capacity));
}

void Stream::finish(std::uint64_t mark) {
  if (progress_.finishing == 0) {
    progress_.finishing = 1;
    progress_.finish_input = static_cast<std::int64_t>(mark - progress_.origin);
    progress_.last_frame = first_frame_at(progress_.finish_input);
  }
  const std::int64_t last_step = step_of(progress_.last_frame);
  if (windower_.step() > last_step) {
    end_utterance(mark);
    return;
  }
  const std::int64_t end = table_->output_at(progress_.finish_input);
  if (resampler_.next_output() < end) {
    // The resampler's tail: silence until its last output sample has come out.
    const std::int64_t tail = std::min<std::int64_t>(resampler_.inputs_needed(end - 1),
                                                     static_cast<std::int64_t>(kFeedSamples));
    std::fill(scratch_.begin(), scratch_.end(), 0.0f);
    std::size_t capacity = 0;
    std::size_t consumed = 0;
    float* room = windower_.room(&capacity);
    capacity = std::min(capacity, static_cast<std::size_t>(end - resampler_.next_output()));
    windower_.wrote(resampler_.process(scratch_.data(), static_cast<std::size_t>(tail), &consumed,
                                       room, capacity));
  } else {
    windower_.pad_to(last_step * shape_.hop + shape_.due());
  }
}

std::int64_t Stream::step_of(std::int64_t frame) const {
  return frame / static_cast<std::int64_t>(model_->manifest().frames_per_step);
}

void Stream::publish_need() {
  const bool replaced = progress_.active == 0 && progress_.rewindable < timeline_.end();
  const std::int64_t frame =
      replaced ? std::max(next_speech_frame(), timeline_.last_seen() + 1) : next_frame();
  const std::int64_t last = step_of(frame) * shape_.hop + shape_.due() - 1;
  const auto needed = table_->inputs_for(std::max<std::int64_t>(last, 0));
  needed_until_.store(progress_.origin + static_cast<std::uint64_t>(needed),
                      std::memory_order_release);
}

}  // namespace talkface
