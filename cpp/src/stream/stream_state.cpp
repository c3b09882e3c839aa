// Saving and loading a stream: one fixed-size blob, checked before anything is touched.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "base/busy_guard.h"
#include "base/math.h"
#include "base/sha256.h"
#include "stream/stream.h"
#include "talkface/version.h"

namespace talkface {
namespace {

constexpr char kMagic[8] = {'T', 'F', 'S', 'T', 'A', 'T', 'E', '2'};
constexpr std::size_t kDigest = 64;

// Walks the same list of fields to count, write or read them.
class Archive {
 public:
  enum class Mode { kCount, kWrite, kRead };
  Archive(Mode mode, void* buffer) : mode_(mode), at_(static_cast<unsigned char*>(buffer)) {}

  void bytes(void* data, std::size_t size) {
    if (size == 0) return;
    if (mode_ == Mode::kWrite) std::memcpy(at_ + size_, data, size);
    if (mode_ == Mode::kRead) std::memcpy(data, at_ + size_, size);
    size_ += size;
  }
  template <typename T>
  void value(T* item) {
    static_assert(std::is_trivially_copyable_v<T>, "plain data only");
    bytes(item, sizeof(T));
  }
  void floats(std::vector<float>* values) { bytes(values->data(), values->size() * sizeof(float)); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  Mode mode_;
  unsigned char* at_;
  std::size_t size_ = 0;
};

}  // namespace

// A copy of everything mutable.
struct Stream::Snapshot {
  explicit Snapshot(const Stream& s)
      : ring(s.ring_.storage()),
        history(s.resampler_.history()),
        window(s.windower_.buffer()),
        state(s.runner_->state().begin(), s.runner_->state().end()),
        queued(PhoneQueue::kCapacity),
        script(s.script_ == nullptr ? 0 : Script::kCapacity),
        frames(s.timeline_.capacity()),
        idle(s.idle_states_) {}

  void take(const Stream& s) {
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
    idle = s.idle_states_;
    timeline = s.timeline_.state();
    progress = s.progress_;
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
  }

  void walk(Archive* a) {
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
    a->value(&post);
    a->bytes(frames.data(), frames.size() * sizeof(Frame));
    a->bytes(idle.data(), idle.size() * sizeof(Idle::State));
    a->value(&timeline);
    a->value(&progress);
    a->value(&knobs);
    a->value(&counters);
  }

  // Everything that indexes memory, bounds a loop or comes out again.
  [[nodiscard]] bool plausible(const Stream& s) const {
    return sound_values() && sound_audio(s) && sound_script(s) && sound_timeline(s) &&
           sound_progress(s);
  }

  std::vector<float> ring;
  std::uint64_t written = 0, consumed = 0, mark_count = 0;
  std::uint64_t marks[Marks::kCapacity] = {};
  std::vector<float> history;
  Resampler::State resampler{};
  std::vector<float> window;
  Windower::State windower{};
  std::vector<float> state;
  std::vector<Phone> queued;
  std::vector<Phone> script;
  std::uint64_t queued_count = 0, script_count = 0;
  std::int64_t script_begin = 0;
  PostProcess::State post{};
  std::vector<Frame> frames;
  std::vector<Idle::State> idle;
  Timeline::State timeline{};
  Progress progress;
  float knobs[kKnobCount] = {};
  std::uint64_t counters[5] = {};

 private:
  [[nodiscard]] bool sound_values() const;
  [[nodiscard]] bool sound_audio(const Stream& s) const;
  [[nodiscard]] bool sound_script(const Stream& s) const;
  [[nodiscard]] bool sound_timeline(const Stream& s) const;
  [[nodiscard]] bool sound_progress(const Stream& s) const;
};

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
  if (!std::all_of(idle.begin(), idle.end(), sound)) return false;
  return finite(ring) && finite(history) && finite(window) && finite(state) &&
         finite(post.smoothed.data(), post.smoothed.size()) && in_range(progress.ease_from) &&
         post.rest >= 0.0f && post.rest <= 1.0f && post.calm >= 0.0f && post.calm <= 1.0f &&
         post.seal >= 0.0f && post.seal <= 1.0f;
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
  const auto reach = static_cast<std::int64_t>(s.table_.half()) * 2 + 8192;
  const std::int64_t made = s.table_.output_at(heard);
  // The resampler never takes an input before an output needs it; finish() relies on that to end.
  const bool in_step = s.table_.identity()
                           ? resampler.next_input == resampler.next_output
                           : resampler.next_input <= s.table_.inputs_for(resampler.next_output);
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
  return between(timeline.oldest, 0, timeline.end) && timeline.end <= most &&
         timeline.end - timeline.oldest <= static_cast<std::int64_t>(frames.size()) &&
         (timeline.limit == Timeline::kNoLimit || between(timeline.limit, 0, heard)) &&
         between(timeline.read_next, 0, 1001 * (most + 1)) && timeline.sampled >= -1 &&
         timeline.sampled <= (std::int64_t{1} << 46) && between(progress.gap_until, 0, most) &&
         between(progress.ease_start, -1, most) && between(progress.ease_frames, 0, gap) &&
         progress.rewindable >= 0;
}

bool Stream::Snapshot::sound_progress(const Stream& s) const {
  const auto heard = static_cast<std::int64_t>(written - progress.origin);
  return between(progress.active, 0, 1) && between(progress.finishing, 0, 1) &&
         between(progress.finish_input, 0, heard) &&
         between(progress.last_frame, 0, s.first_frame_at(heard)) &&
         (progress.finishing == 0 || (progress.active == 1 && mark_count > 0));
}

namespace {

// Identifies the bundle and the options that shape the state.
std::string fingerprint(const Model& model, const StreamConfig& c) {
  const std::string text =
      TALKFACE_VERSION " " + model.bundle().manifest_sha256 + ' ' + std::to_string(c.sample_rate) +
      ' ' + std::to_string(c.frame_rate.num) + '/' + std::to_string(c.frame_rate.den) + ' ' +
      std::to_string(c.ring_ms) + ' ' + std::to_string(c.store_ms) + ' ' +
      std::to_string(c.sampling) + ' ' + std::to_string(c.raw) + ' ' + std::to_string(c.seed);
  return sha256_hex(text.data(), text.size());
}

constexpr std::size_t kHeader = sizeof(kMagic) + 2 * kDigest;

}  // namespace

std::vector<std::uint64_t> Stream::Marks::pending() const {
  std::vector<std::uint64_t> list;
  for (std::uint64_t i = read_.load(); i < written_.load(); ++i) {
    list.push_back(positions_[i % kCapacity].load());
  }
  return list;
}

void Stream::Marks::restore(const std::uint64_t* positions, std::uint64_t count) {
  read_.store(0);
  for (std::uint64_t i = 0; i < count; ++i) positions_[i].store(positions[i]);
  written_.store(count);
}

void Stream::measure_state() {
  Snapshot snapshot(*this);
  Archive counter(Archive::Mode::kCount, nullptr);
  snapshot.walk(&counter);
  state_size_ = kHeader + counter.size();
}

Status Stream::save(void* buffer, std::uint64_t capacity) {
  const BusyGuard guard(&busy_);
  if (!guard.taken()) return {Code::kBusy, "another thread is inside process, save or load"};
  const std::uint64_t size = state_size();
  if (buffer == nullptr || capacity < size) {
    return {Code::kBufferTooSmall, "a saved state needs " + std::to_string(size) + " bytes"};
  }
  carry_out_requests();
  publish_need();
  Snapshot snapshot(*this);
  snapshot.take(*this);
  auto* bytes = static_cast<unsigned char*>(buffer);
  Archive writer(Archive::Mode::kWrite, bytes + kHeader);
  snapshot.walk(&writer);
  const std::string mine = fingerprint(*model_, config_);
  const std::string digest = sha256_hex(bytes + kHeader, writer.size());
  std::memcpy(bytes, kMagic, sizeof(kMagic));
  std::memcpy(bytes + sizeof(kMagic), mine.data(), kDigest);
  std::memcpy(bytes + sizeof(kMagic) + kDigest, digest.data(), kDigest);
  return {};
}

Status Stream::load(const void* buffer, std::uint64_t size) {
  const BusyGuard guard(&busy_);
  if (!guard.taken()) return {Code::kBusy, "another thread is inside process, save or load"};
  const auto* bytes = static_cast<const unsigned char*>(buffer);
  if (bytes == nullptr || size != state_size() || std::memcmp(bytes, kMagic, sizeof(kMagic)) != 0) {
    return {Code::kBadState, "not a state that a stream of this bundle and these options saved"};
  }
  const std::string mine = fingerprint(*model_, config_);
  if (std::memcmp(bytes + sizeof(kMagic), mine.data(), kDigest) != 0) {
    return {Code::kBadState, "the state was saved with another bundle or other stream options"};
  }
  const std::string digest = sha256_hex(bytes + kHeader, static_cast<std::size_t>(size) - kHeader);
  if (std::memcmp(bytes + sizeof(kMagic) + kDigest, digest.data(), kDigest) != 0) {
    return {Code::kBadState, "the state is damaged: its checksum does not match"};
  }
  Snapshot snapshot(*this);
  // The archive only reads from the buffer in this mode.
  Archive reader(Archive::Mode::kRead, const_cast<unsigned char*>(bytes + kHeader));
  snapshot.walk(&reader);
  if (!snapshot.plausible(*this)) return {Code::kBadState, "the state is not consistent"};
  reset_request_.store(0);
  interrupt_request_.store(0);
  refused_before_.store(0);
  nonfinite_before_.store(0);
  ring_.restore(snapshot.ring.data(), snapshot.consumed, snapshot.written);
  marks_.restore(snapshot.marks, snapshot.mark_count);
  resampler_.restore(snapshot.resampler, snapshot.history.data());
  windower_.restore(snapshot.windower, snapshot.window.data());
  std::copy(snapshot.state.begin(), snapshot.state.end(), runner_->state().begin());
  phones_.restore(snapshot.queued.data(), snapshot.queued_count);
  if (script_ != nullptr) {
    script_->restore(snapshot.script.data(), static_cast<std::size_t>(snapshot.script_count),
                     snapshot.script_begin);
  }
  post_.restore(snapshot.post);
  timeline_.restore(snapshot.timeline, snapshot.frames.data());
  idle_states_ = snapshot.idle;
  rewind_idle();
  progress_ = snapshot.progress;
  origin_.store(progress_.origin);
  for (std::size_t i = 0; i < kKnobCount; ++i) knobs_.set(i, snapshot.knobs[i]);
  std::atomic<std::uint64_t>* counters[] = {&refused_, &nonfinite_, &model_resets_, &steps_,
                                            &made_};
  for (std::size_t i = 0; i < 5; ++i) counters[i]->store(snapshot.counters[i]);
  publish_need();
  return {};
}

}  // namespace talkface
