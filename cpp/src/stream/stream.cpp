#include "stream/stream.h"

#include <algorithm>

#include "base/busy_guard.h"
#include "base/fp_mode.h"
#include "base/math.h"

namespace talkface {
namespace {

constexpr std::size_t kFeedSamples = 256;
constexpr std::int64_t kClosingMs = 60;     // the mouth's way to rest at the end of an utterance
constexpr std::size_t kWindowSlack = 1024;  // two outputs for each fed sample, and spare

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

// Phones are kept as long as a frame may still be made from them: what dominates or closes lies
// within a second, and a frame lies behind the audio by what the graph waits for.
double history_seconds(const Manifest& m) {
  return 2.0 + static_cast<double>(m.look_ahead + 2 * m.hop) / m.sample_rate;
}

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

Status Stream::create(std::shared_ptr<const Model> model, const StreamConfig& config,
                      std::unique_ptr<Stream>* out) {
  const FpModeGuard guard;
  std::unique_ptr<Stream> stream(new Stream(std::move(model), config));
  Status status =
      StepRunner::create(stream->model_->session(), stream->model_->manifest(), &stream->runner_);
  if (!status.ok()) return status;
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
      table_(config.sample_rate, model_->manifest().sample_rate),
      ring_(ring_samples(config)),
      resampler_(table_),
      windower_(shape_, kWindowSlack),
      post_({model_->manifest().channel_indices.data(), model_->manifest().channel_indices.size()},
            static_cast<double>(model_->manifest().frame_rate_den) /
                static_cast<double>(model_->manifest().frame_rate_num)),
      idle_(config.seed, static_cast<double>(model_->manifest().frame_rate_den) /
                             static_cast<double>(model_->manifest().frame_rate_num)),
      timeline_(store_frames(model_->manifest(), config), graph_rate(model_->manifest()),
                config.frame_rate.num > 0 ? config.frame_rate : graph_rate(model_->manifest()),
                config.sample_rate, config.sampling),
      scratch_(kFeedSamples) {
  idle_states_.resize(timeline_.capacity());
  if (model_->articulation() == nullptr) return;
  const Manifest& m = model_->manifest();
  script_ = std::make_unique<Script>(model_->articulation(),
                                     static_cast<double>(m.frame_rate_num) / m.frame_rate_den,
                                     config.sample_rate, history_seconds(m));
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
  if (request != 0) drop_phones_before(interrupt_phones_.load(std::memory_order_acquire));
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

void Stream::do_reset(std::uint64_t position) {
  ring_.drop_before(position);
  drop_phones_before(reset_phones_.load(std::memory_order_acquire));
  drop_marks_before(position);
  progress_ = Progress();
  progress_.origin = position;
  origin_.store(position, std::memory_order_release);
  timeline_.clear();
  post_.reset();
  idle_.reset();
  runner_->reset();
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
  rewind_idle();
  progress_.active = 0;
  progress_.finishing = 0;
  progress_.ease_start = seen;
  progress_.ease_frames =
      seen < 0 ? 0
               : static_cast<std::int64_t>(std::uint64_t{ease_ms} * m.frame_rate_num /
                                           m.frame_rate_den / 1000);
  progress_.gap_until = std::max(first_frame_at(input), seen + 1 + progress_.ease_frames);
  progress_.rewindable = seen + 1;
}

std::int64_t Stream::first_frame_at(std::int64_t input) const {
  return ceil_div(table_.output_at(input), frame_step_);
}

// ---- worker

Status Stream::process(std::uint64_t* made) {
  const BusyGuard busy(&busy_);
  if (!busy.taken()) {
    return {Code::kBusy, "another thread is inside process, save or load of this stream"};
  }
  const FpModeGuard guard;
  // How far this call goes. Taken before the requests are looked at, so that nothing pushed after a
  // request is consumed with what came before it; and flush marks up to here are visible already.
  const std::uint64_t horizon = ring_.written();
  // After it: whoever pushes phones before their audio has them in time.
  const std::uint64_t phone_horizon = phones_.written();
  carry_out_requests();
  const std::uint64_t before = made_.load(std::memory_order_relaxed);
  Status status = work(horizon, phone_horizon);
  publish_need();
  if (made != nullptr) *made = made_.load(std::memory_order_relaxed) - before;
  return status;
}

Status Stream::work(std::uint64_t horizon, std::uint64_t phone_horizon) {
  while (true) {
    if (script_ != nullptr) {
      script_->admit(&phones_, phone_horizon,
                     static_cast<std::int64_t>(ring_.consumed() - progress_.origin));
    }
    const std::uint64_t mark = marks_.front_or(UINT64_MAX);
    if (progress_.active == 0) {
      if (mark <= ring_.consumed()) {
        marks_.pop();
        continue;
      }
      const bool waiting = ring_.consumed() < horizon;
      if (waiting && timeline_.end() >= next_speech_frame()) {
        begin_utterance();
        continue;
      }
      const std::int64_t fill_until = waiting ? next_speech_frame() : progress_.gap_until;
      if (timeline_.end() >= fill_until) return {};
      if (!room_for_gap(waiting)) return waiting ? Status(Code::kFull) : Status();
      Frame idle;
      append(&idle, timeline_.end(), Activity());
    } else if (windower_.ready()) {
      if (timeline_.room() < model_->manifest().frames_per_step) return Status(Code::kFull);
      Status status = step();
      if (!status.ok()) return status;
    } else if (std::min(mark, horizon) > ring_.consumed()) {
      feed(std::min(mark, horizon));
    } else if (mark <= ring_.consumed()) {
      finish(mark);
    } else {
      return {};
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
    rewind_idle();
  }
  progress_.gap_until = 0;
  progress_.rewindable = INT64_MAX;
  progress_.active = 1;
  progress_.finishing = 0;
  timeline_.set_limit(Timeline::kNoLimit);
  windower_.begin(start);
  runner_->reset();
}

void Stream::feed(std::uint64_t until) {
  const std::uint64_t available = until - ring_.consumed();
  const std::size_t count = ring_.read(
      scratch_.data(), static_cast<std::size_t>(std::min<std::uint64_t>(available, kFeedSamples)));
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
    marks_.pop();
    progress_.active = 0;
    progress_.finishing = 0;
    timeline_.set_limit(progress_.finish_input);
    return;
  }
  const std::int64_t end = table_.output_at(progress_.finish_input);
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

Status Stream::step() {
  const Manifest& m = model_->manifest();
  const std::int64_t number = windower_.step();
  windower_.take(runner_->audio());
  Status status = runner_->run();
  const bool good = status.ok() && runner_->finite();
  if (!good) runner_->reset();
  if (status.ok() && !good) model_resets_.fetch_add(1, std::memory_order_relaxed);
  steps_.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t j = 0; j < m.frames_per_step; ++j) {
    const std::int64_t index = number * m.frames_per_step + static_cast<std::int64_t>(j);
    if (index < timeline_.end()) continue;
    if (progress_.finishing != 0 && index > progress_.last_frame) continue;
    if (good) {
      const Span<const float> closure = runner_->closure(j);
      emit({runner_->weights(j), runner_->visemes(j), runner_->emotion(j), closure.data}, index);
    } else {
      Frame held;
      if (!timeline_.load(index - 1, &held)) held = Frame();
      remember_idle(index);
      timeline_.append(held);
      made_.fetch_add(1, std::memory_order_relaxed);
    }
  }
  return status;
}

double Stream::seconds_of(std::int64_t frame) const {
  const Manifest& m = model_->manifest();
  return static_cast<double>(frame) * m.frame_rate_den / m.frame_rate_num;
}

ScriptFrame Stream::script_at(double seconds, RulePose* pose) const {
  if (script_ == nullptr) return {};
  const float mix = script_->coverage(seconds) * knobs_.get(Knob::kScriptStrength);
  if (mix <= 0.0f) return {};
  // Ahead by what smoothing delays, so that curves are on time after it.
  const double delay = config_.raw ? 0.0 : post_.smoothing_delay(knobs_);
  script_->evaluate(seconds + delay, seconds, pose);
  return {&script_->table(), pose, mix};
}

void Stream::emit(const GraphFrame& graph, std::int64_t index) {
  Frame frame;
  RulePose pose;
  const ScriptFrame script = script_at(seconds_of(index), &pose);
  if (config_.raw) {
    post_.copy_raw(graph, script, &frame);
  } else {
    post_.apply(graph, script, knobs_, &frame);
    const auto left = static_cast<float>(progress_.last_frame - 1 - index);
    const auto ramp = static_cast<float>(closing_frames());
    if (progress_.finishing != 0 && left < ramp) {
      post_.close(std::max(left, 0.0f) / std::max(ramp, 1.0f), knobs_, &frame);
    }
  }
  append(&frame, index, {1.0f - post_.state().rest, frame.weights[kJawOpen]});
}

std::int64_t Stream::closing_frames() const {
  // Frames that are always made after the end of an utterance is known, however it was pushed.
  const Manifest& m = model_->manifest();
  const std::int64_t known =
      (static_cast<std::int64_t>(m.look_ahead) - m.hop + frame_step_) / frame_step_ - 1;
  return std::min<std::int64_t>(known, ceil_div(m.sample_rate * kClosingMs / 1000, frame_step_));
}

void Stream::remember_idle(std::int64_t index) {
  idle_states_[static_cast<std::size_t>(index) % idle_states_.size()] = idle_.state();
}

void Stream::rewind_idle() {
  const std::int64_t last = timeline_.end() - 1;
  if (last < 0) {
    idle_.reset();
  } else {
    idle_.restore(idle_states_[static_cast<std::size_t>(last) % idle_states_.size()]);
  }
}

void Stream::append(Frame* frame, std::int64_t index, const Activity& activity) {
  if (!config_.raw) {
    idle_.advance(activity);
    idle_.render(seconds_of(index), knobs_, frame);
    remember_idle(index);
  }
  const std::int64_t into = index - progress_.ease_start;
  if (progress_.ease_frames > 0 && into <= progress_.ease_frames) {
    const float t = static_cast<float>(into) / static_cast<float>(progress_.ease_frames);
    *frame = interpolate(progress_.ease_from, *frame, smoothstep(0.0f, 1.0f, t));
  } else {
    progress_.ease_frames = 0;
  }
  timeline_.append(*frame);
  made_.fetch_add(1, std::memory_order_relaxed);
}

std::int64_t Stream::step_of(std::int64_t frame) const {
  return frame / static_cast<std::int64_t>(model_->manifest().frames_per_step);
}

void Stream::publish_need() {
  const bool replaced = progress_.active == 0 && progress_.rewindable < timeline_.end();
  const std::int64_t frame =
      replaced ? std::max(next_speech_frame(), timeline_.last_seen() + 1) : timeline_.end();
  const std::int64_t last = step_of(frame) * shape_.hop + shape_.due() - 1;
  const auto needed = table_.inputs_for(std::max<std::int64_t>(last, 0));
  needed_until_.store(progress_.origin + static_cast<std::uint64_t>(needed),
                      std::memory_order_release);
}

}  // namespace talkface
