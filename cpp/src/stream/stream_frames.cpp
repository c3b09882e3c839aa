// Frames of a stream: one run of the graph, what it is conditioned on and what becomes of it; gaps.
#include <algorithm>

#include "base/math.h"
#include "stream/stream.h"

namespace talkface {
namespace {

constexpr std::int64_t kClosingMs = 60;  // the mouth's way to rest at the end of an utterance
constexpr float kAtRest = 0.1f;          // speech that is left in a mouth at rest
// Memory of silence between which it counts as nobody speaking, as PostProcess calms down.
constexpr float kCalmFrom = 0.5f;
constexpr float kCalmTo = 0.9f;

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

float mean_square(const float* samples, std::size_t count) {
  float sum = 0.0f;
  for (std::size_t i = 0; i < count; ++i) sum += samples[i] * samples[i];
  return sum / static_cast<float>(count);
}

}  // namespace

void Stream::prepare(const StepRow& row) {
  close_late();
  const auto per_step = static_cast<std::int64_t>(model_->manifest().frames_per_step);
  std::int64_t last = (windower_.step() + 1) * per_step - 1;
  if (progress_.finishing != 0) last = std::min(last, progress_.last_frame);
  windower_.take(row.audio.data);
  condition(row, last);
}

void Stream::complete(const StepRow& row, bool ran, bool good) {
  const auto per_step = static_cast<std::int64_t>(model_->manifest().frames_per_step);
  const std::int64_t first = (windower_.step() - 1) * per_step;
  std::int64_t last = first + per_step - 1;
  if (progress_.finishing != 0) last = std::min(last, progress_.last_frame);
  if (!good) reset_state();
  if (ran && !good) model_resets_.fetch_add(1, std::memory_order_relaxed);
  steps_.fetch_add(1, std::memory_order_relaxed);
  const std::int64_t begin = std::max(first, next_frame());
  for (std::int64_t index = begin; index <= last; ++index) {
    if (!good) {
      hold(index);
    } else if (made(index)) {
      emit(row, static_cast<std::size_t>(index - first), index);
    } else {
      ++progress_.skipped;
    }
  }
  if (good && begin <= last) hear(row, last - begin + 1);
}

// Go on by `seconds` to the time of a frame.
void Stream::direct(double seconds, std::int64_t frame) {
  constant_ = setting_.get(constant_);
  director_.advance(seconds, keys_.at(seconds_of(frame) * config_.sample_rate, constant_), knobs_);
  if (model_->manifest().noise_size > 0) latent_.advance(seconds, idle_.state().speaking != 0);
}

// What the graph is told for a step up to frame `last`. A step that only primes it hears of the
// direction that a fresh stream begins with, and else changes nothing.
void Stream::condition(const StepRow& row, std::int64_t last) {
  const std::int64_t frames = std::max<std::int64_t>(last + 1 - next_frame(), 0);
  if (frames > 0 || director_.state().begun == 0) {
    direct(static_cast<double>(frames) * frame_seconds_, std::max<std::int64_t>(last, 0));
  }
  std::copy_n(director_.shown().begin(), row.emotion.size, row.emotion.data);
  std::copy_n(latent_.state().now.begin(), row.noise.size, row.noise.data);
  const Span<float> identity = row.identity;
  if (identity.size == 0) return;
  if (style_.identity.empty()) {
    std::fill_n(identity.data, identity.size, 0.0f);
    identity[0] = 1.0f;
  } else {
    std::copy_n(style_.identity.begin(), identity.size, identity.data);
  }
}

void Stream::hear(const StepRow& row, std::int64_t frames) {
  const Manifest& m = model_->manifest();
  const float power =
      mean_square(row.audio.data + shape_.length - shape_.hop, static_cast<std::size_t>(m.hop));
  // Short pauses between words are not silence.
  const PostProcess::State& mouth = post_.state();
  const float silence = rests() ? mouth.rest * smoothstep(kCalmFrom, kCalmTo, mouth.calm) : 0.0f;
  const auto seconds = static_cast<double>(frames) * frame_seconds_;
  director_.hear(row.heard.at(m.frames_per_step - 1), power, silence, seconds);
}

// After a run that failed the last frame stays.
void Stream::hold(std::int64_t index) {
  Frame held;
  if (!timeline_.load(timeline_.end() - 1, &held)) held = Frame();
  interpolate_skipped(held);
  remember_life(index);
  timeline_.append(held);
  made_.fetch_add(1, std::memory_order_relaxed);
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

// Frame `number` of the step's.
void Stream::emit(const StepRow& row, std::size_t number, std::int64_t index) {
  const GraphFrame graph{row.weights.at(number), row.visemes.at(number), row.heard.at(number),
                         row.closure.at(number).data, row.expression.at(number)};
  set_pace(1 + progress_.skipped);
  Frame frame;
  RulePose pose;
  const ScriptFrame script = script_at(seconds_of(index), &pose);
  if (config_.raw) {
    emit_raw(row, graph, script, number, &frame);
  } else {
    post_.apply(graph, script, knobs_, style_, &expression_, &frame);
    const float keep = kept_open(index);
    if (keep < 1.0f) post_.close(keep, knobs_, style_, expression_, &frame);
    const HeadPose head = head_from_graph(row.head.at(number));
    head_.advance(&head);
  }
  append(&frame, index, {1.0f - post_.state().rest, frame.weights[kJawOpen]});
}

void Stream::emit_raw(const StepRow& row, const GraphFrame& graph, const ScriptFrame& script,
                      std::size_t number, Frame* frame) const {
  post_.copy_raw(graph, script, frame);
  expression_.apply_raw(graph.expression, frame);
  const HeadPose head = head_from_graph(row.head.at(number));
  frame->head_rotation = {head.v[0], head.v[1], head.v[2], real_part(head.v)};
  frame->head_translation = head.translation;
}

// Nobody speaks: what is heard fades, what is directed stays.
void Stream::append_gap_frame() {
  const std::int64_t index = timeline_.end();
  Frame frame;
  set_pace(1);
  director_.forget();
  direct(frame_seconds_, index);
  if (!config_.raw) {
    PostProcess::idle(director_.shown(), knobs_, style_, &expression_, &frame);
    head_.advance(nullptr);
  }
  append(&frame, index, Activity());
}

// Frames of a whole closing; of one inside the utterance: as many as are always made after its end
// is known, however it was pushed.
std::int64_t Stream::closing_frames(bool inside) const {
  const Manifest& m = model_->manifest();
  const std::int64_t whole = ceil_div(m.sample_rate * kClosingMs / 1000, frame_step_);
  const std::int64_t known =
      (static_cast<std::int64_t>(m.look_ahead) - m.hop + frame_step_) / frame_step_ - 1;
  return inside ? std::min(known, whole) : whole;
}

// A raw stream does not follow the mouth's rest, and a bundle that tells no silence knows none.
bool Stream::rests() const { return !config_.raw && !model_->manifest().visemes_output.empty(); }

// Where frames were made too soon to close the mouth, and speech still shapes it, the utterance
// goes on for a closing. Decided before the step that holds the first frame at or after the end.
void Stream::close_late() {
  if (progress_.finishing == 0 || closes_late() || !rests()) return;
  const std::int64_t whole = closing_frames(false);
  if (closing_frames(true) >= whole || windower_.step() != step_of(progress_.last_frame)) return;
  Frame newest;
  if (knobs_.get(Knob::kSilenceRest) <= 0.0f || !timeline_.load(timeline_.end() - 1, &newest)) {
    return;
  }
  const float speech = PostProcess::speech_in(newest, style_, expression_);
  if (speech > kAtRest) progress_.last_frame += whole - 1;
}

bool Stream::closes_late() const {
  return progress_.last_frame > first_frame_at(progress_.finish_input);
}

// How far the mouth is still open in frame `index`, as its utterance ends; 1 before.
float Stream::kept_open(std::int64_t index) const {
  if (progress_.finishing == 0) return 1.0f;
  const bool late = closes_late();
  const auto left = static_cast<float>(progress_.last_frame - (late ? 0 : 1) - index);
  const auto ramp = static_cast<float>(closing_frames(!late));
  return left < ramp ? std::max(left, 0.0f) / std::max(ramp, 1.0f) : 1.0f;
}

// Input position up to which the utterance that ended is read.
std::int64_t Stream::closed_at() const {
  if (!closes_late()) return progress_.finish_input;
  const std::int64_t last = progress_.last_frame * frame_step_ * config_.sample_rate;
  return last / static_cast<std::int64_t>(model_->manifest().sample_rate) + 1;
}

// Whether frame `index` is made, and not interpolated: the last one of an utterance always is.
bool Stream::made(std::int64_t index) const {
  const auto stride = static_cast<std::int64_t>(stride_.load(std::memory_order_relaxed));
  return index % stride == 0 || (progress_.finishing != 0 && index == progress_.last_frame);
}

void Stream::set_pace(std::int64_t frames) {
  if (frames == pace_) return;
  pace_ = frames;
  const double seconds = static_cast<double>(frames) * frame_seconds_;
  post_.set_pace(seconds);
  expression_.set_pace(seconds);
  head_.set_pace(seconds);
  idle_.set_pace(seconds);
}

// What was left out between the newest frame and `frame`, which is about to follow.
void Stream::interpolate_skipped(const Frame& frame) {
  const std::int64_t skipped = progress_.skipped;
  progress_.skipped = 0;
  if (skipped == 0) return;
  Frame before;
  if (!timeline_.load(timeline_.end() - 1, &before)) before = frame;
  for (std::int64_t i = 1; i <= skipped; ++i) {
    const float share = static_cast<float>(i) / static_cast<float>(skipped + 1);
    remember_life(timeline_.end());
    timeline_.append(interpolate(before, frame, share));
    made_.fetch_add(1, std::memory_order_relaxed);
  }
}

Stream::Life Stream::life() const {
  static_assert(sizeof(Life) == sizeof(Idle::State) + sizeof(Director::State) +
                                    sizeof(Expression::State) + sizeof(HeadMotion::State) +
                                    sizeof(Latent::State) + sizeof(std::uint32_t),
                "no padding");
  return {idle_.state(), director_.state(), expression_.state(), head_.state(), latent_.state(), 0};
}

void Stream::restore_life(const Life& life) {
  idle_.restore(life.idle);
  director_.restore(life.director);
  expression_.restore(life.expression);
  head_.restore(life.head);
  latent_.restore(life.latent);
}

void Stream::remember_life(std::int64_t index) {
  lives_[static_cast<std::size_t>(index) % lives_.size()] = life();
}

void Stream::rewind_life() {
  const std::int64_t last = timeline_.end() - 1;
  restore_life(last < 0 ? Life() : lives_[static_cast<std::size_t>(last) % lives_.size()]);
}

void Stream::append(Frame* frame, std::int64_t index, const Activity& activity) {
  if (!config_.raw) {
    idle_.advance(activity);
    idle_.render(seconds_of(index), knobs_, head_.pose(), frame);
  }
  const std::int64_t into = index - progress_.ease_start;
  if (progress_.ease_frames > 0 && into <= progress_.ease_frames) {
    const float t = static_cast<float>(into) / static_cast<float>(progress_.ease_frames);
    *frame = interpolate(progress_.ease_from, *frame, smoothstep(0.0f, 1.0f, t));
  } else {
    progress_.ease_frames = 0;
  }
  interpolate_skipped(*frame);
  remember_life(index);
  timeline_.append(*frame);
  made_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace talkface
