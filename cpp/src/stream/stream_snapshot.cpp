#include "stream/stream_snapshot.h"

#include <algorithm>

#include "base/math.h"

namespace talkface {

Stream::Snapshot::Snapshot(const Stream& s)
    : ring(s.ring_.storage()),
      history(s.resampler_.history()),
      window(s.windower_.buffer()),
      state(s.model_->initial_state().size()),
      queued(s.phones_.capacity()),
      script(s.script_ == nullptr ? 0 : s.script_->capacity()),
      queued_keys(s.queued_keys_.capacity()),
      keys(s.keys_.capacity()),
      frames(s.timeline_.capacity()),
      lives(s.lives_) {}

Status Stream::Snapshot::take(Stream& s) {
  Status status = s.get_graph_state(state.data());
  if (!status.ok()) return status;
  written = s.ring_.written();
  consumed = s.ring_.consumed();
  const std::vector<std::uint64_t> pending = s.marks_.pending();
  mark_count = pending.size();
  std::copy(pending.begin(), pending.end(), marks);
  resampler = s.resampler_.state();
  windower = s.windower_.state();
  const std::vector<Phone> phones = s.phones_.pending();
  queued_count = phones.size();
  std::copy(phones.begin(), phones.end(), queued.begin());
  if (s.script_ != nullptr) {
    script_count = s.script_->phones().size();
    script_begin = s.script_->begin();
    std::copy(s.script_->phones().begin(), s.script_->phones().end(), script.begin());
  }
  post = s.post_.state();
  const std::vector<EmotionKey> pending_keys = s.queued_keys_.pending();
  queued_key_count = pending_keys.size();
  std::copy(pending_keys.begin(), pending_keys.end(), queued_keys.begin());
  key_count = s.keys_.keys().size();
  std::copy(s.keys_.keys().begin(), s.keys_.keys().end(), keys.begin());
  constant = s.setting_.get(s.constant_);
  life = s.life();
  lives = s.lives_;
  timeline = s.timeline_.state();
  progress = s.progress_;
  stride = s.stride();
  for (std::size_t i = 0; i < kKnobCount; ++i) knobs[i] = s.knobs_.get(i);
  const StreamStats stats = s.stats();
  counters[0] = stats.refused;
  counters[1] = stats.nonfinite;
  counters[2] = stats.model_resets;
  counters[3] = stats.steps;
  counters[4] = stats.frames;
  for (std::int64_t i = timeline.oldest; i < timeline.end; ++i) {
    s.timeline_.load(i, &frames[static_cast<std::size_t>(i) % frames.size()]);
  }
  return {};
}

void Stream::Snapshot::walk(Archive* a) {
  a->floats(&ring);
  a->value(&written);
  a->value(&consumed);
  a->value(&mark_count);
  a->value(&marks);
  a->floats(&history);
  a->value(&resampler);
  a->floats(&window);
  a->value(&windower);
  a->floats(&state);
  a->value(&queued_count);
  a->bytes(queued.data(), queued.size() * sizeof(Phone));
  a->value(&script_count);
  a->value(&script_begin);
  a->bytes(script.data(), script.size() * sizeof(Phone));
  a->value(&queued_key_count);
  a->bytes(queued_keys.data(), queued_keys.size() * sizeof(EmotionKey));
  a->value(&key_count);
  a->bytes(keys.data(), keys.size() * sizeof(EmotionKey));
  a->value(&constant);
  a->value(&post);
  a->bytes(frames.data(), frames.size() * sizeof(Frame));
  a->value(&life);
  a->bytes(lives.data(), lives.size() * sizeof(Life));
  a->value(&timeline);
  a->value(&progress);
  a->value(&stride);
  a->value(&knobs);
  a->value(&counters);
}

namespace {

bool finite(const float* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_finite(values[i])) return false;
  }
  return true;
}

bool finite(const std::vector<float>& values) { return finite(values.data(), values.size()); }

bool between(std::int64_t x, std::int64_t low, std::int64_t high) { return x >= low && x <= high; }

bool in_range(const Frame& frame) {
  float values[kFrameFloats];
  std::memcpy(values, &frame, sizeof(frame));
  if (!finite(values, kFrameFloats)) return false;
  for (const float weight : frame.weights) {
    if (weight < 0.0f || weight > 1.0f) return false;
  }
  return true;
}

constexpr std::int64_t kLongestGapSeconds = 180;  // store, ring and easing together

}  // namespace

bool Stream::Snapshot::sound_values() const {
  for (std::size_t i = 0; i < kKnobCount; ++i) {
    if (!(knobs[i] >= kKnobs[i].min_value && knobs[i] <= kKnobs[i].max_value)) return false;
  }
  for (const Frame& frame : frames) {
    if (!in_range(frame)) return false;
  }
  return finite(ring) && finite(history) && finite(window) && finite(state) &&
         finite(post.smoothed.data(), post.smoothed.size()) && in_range(progress.ease_from) &&
         post.rest >= 0.0f && post.rest <= 1.0f && post.calm >= 0.0f && post.calm <= 1.0f &&
         post.seal >= 0.0f && post.seal <= 1.0f;
}

bool Stream::Snapshot::sound_direction() const {
  const auto lives_soundly = [](const Life& l) {
    return sound(l.idle) && sound(l.director) && sound(l.expression) && sound(l.head) &&
           sound(l.latent);
  };
  if (queued_key_count > queued_keys.size() || key_count > keys.size()) return false;
  std::int64_t before = 0;
  for (std::uint64_t i = 0; i < key_count; ++i) {
    if (keys[i].sample < before || !EmotionTrack::accepts(keys[i])) return false;
    before = keys[i].sample;
  }
  return std::all_of(queued_keys.begin(),
                     queued_keys.begin() + static_cast<std::ptrdiff_t>(queued_key_count),
                     EmotionTrack::accepts) &&
         sound(constant.mix) && constant.weight >= 0.0f && constant.weight <= 1.0f &&
         lives_soundly(life) && std::all_of(lives.begin(), lives.end(), lives_soundly);
}

bool Stream::Snapshot::sound_audio(const Stream& s) const {
  constexpr std::uint64_t kFar = std::uint64_t{1} << 46;
  if (written > kFar || consumed > written || written - consumed > ring.size() ||
      progress.origin > consumed || mark_count > Marks::kCapacity) {
    return false;
  }
  std::uint64_t before = progress.origin;
  for (std::uint64_t i = 0; i < mark_count; ++i) {
    if (marks[i] < before || marks[i] > written) return false;
    before = marks[i];
  }
  if (progress.active == 0) return true;
  const auto heard = static_cast<std::int64_t>(consumed - progress.origin);
  const auto reach = static_cast<std::int64_t>(s.table_->half()) * 2 + 8192;
  const std::int64_t made = s.table_->output_at(heard);
  // The resampler never takes an input before an output needs it; finish() relies on that to end.
  const bool in_step = s.table_->identity()
                           ? resampler.next_input == resampler.next_output
                           : resampler.next_input <= s.table_->inputs_for(resampler.next_output);
  return in_step &&
         between(resampler.next_input, std::max<std::int64_t>(heard - reach, 0), heard + reach) &&
         between(resampler.next_output, made - reach, made + reach) && resampler.next_output >= 0 &&
         windower.base == windower.step * s.shape_.hop + s.shape_.offset &&
         between(windower.step * s.shape_.hop, made - reach - 2 * s.shape_.length,
                 made + reach + 2 * s.shape_.length) &&
         s.windower_.accepts(windower);
}

bool Stream::Snapshot::sound_script(const Stream& s) const {
  if (s.script_ == nullptr) return queued_count == 0 && script_count == 0;
  if (queued_count > queued.size() || script_count > script.size()) return false;
  const auto heard = static_cast<std::int64_t>(consumed - progress.origin);
  if (!between(script_begin, 0, heard)) return false;
  std::int64_t before = script_begin;
  for (std::uint64_t i = 0; i < script_count; ++i) {
    if (script[i].start < before || !s.script_->accepts(script[i])) return false;
    before = script[i].end;
  }
  return std::all_of(queued.begin(), queued.begin() + static_cast<std::ptrdiff_t>(queued_count),
                     [&](const Phone& phone) { return s.script_->accepts(phone); });
}

bool Stream::Snapshot::sound_timeline(const Stream& s) const {
  const auto heard = static_cast<std::int64_t>(written - progress.origin);
  const std::int64_t gap = kLongestGapSeconds * s.model_->manifest().frame_rate_num /
                           s.model_->manifest().frame_rate_den;
  const std::int64_t most = s.first_frame_at(heard) + gap;
  const std::int64_t closing = s.closing_frames(false) * s.frame_step_ * s.config_.sample_rate /
                               static_cast<std::int64_t>(s.model_->manifest().sample_rate);
  return between(timeline.oldest, 0, timeline.end) && timeline.end <= most &&
         timeline.end - timeline.oldest <= static_cast<std::int64_t>(frames.size()) &&
         (timeline.limit == Timeline::kNoLimit ||
          between(timeline.limit, 0, heard + closing + 1)) &&
         between(timeline.read_next, 0, 1001 * (most + 1)) && timeline.sampled >= -1 &&
         timeline.sampled <= (std::int64_t{1} << 46) && between(progress.gap_until, 0, most) &&
         between(progress.ease_start, -1, most) && between(progress.ease_frames, 0, gap) &&
         progress.rewindable >= 0;
}

bool Stream::Snapshot::sound_progress(const Stream& s) const {
  const auto heard = static_cast<std::int64_t>(written - progress.origin);
  return between(progress.active, 0, 1) && between(progress.finishing, 0, 1) &&
         between(progress.finish_input, 0, heard) &&
         between(progress.last_frame, 0, s.first_frame_at(heard) + s.closing_frames(false)) &&
         (progress.finishing == 0 ||
          (progress.active == 1 && (mark_count > 0 || progress.sleep_at <= consumed))) &&
         between(progress.skipped, 0, 3) && between(progress.asleep, 0, 1) &&
         (progress.asleep == 0 || progress.active == 0) && progress.quiet >= 0 &&
         progress.energy >= 0.0 && progress.energy < 1e30 && progress.scanned <= written &&
         (progress.sleep_at == kNowhere || progress.sleep_at <= consumed) &&
         (stride == 1 || stride == 2 || stride == 4);
}

}  // namespace talkface
