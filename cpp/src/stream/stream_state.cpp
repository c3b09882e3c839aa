// Saving and loading a stream: one fixed-size blob, checked before anything is touched.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "base/sha256.h"
#include "stream/stream.h"

namespace talkface {
namespace {

constexpr char kMagic[8] = {'T', 'F', 'S', 'T', 'A', 'T', 'E', '1'};
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
        frames(s.timeline_.capacity()) {}

  void take(const Stream& s) {
    written = s.ring_.written();
    consumed = s.ring_.consumed();
    const std::vector<std::uint64_t> pending = s.marks_.pending();
    mark_count = pending.size();
    std::copy(pending.begin(), pending.end(), marks);
    resampler = s.resampler_.state();
    windower = s.windower_.state();
    post = s.post_.state();
    idle = s.idle_.state();
    timeline = s.timeline_.state();
    progress = s.progress_;
    for (std::size_t i = 0; i < kKnobCount; ++i) knobs[i] = s.knobs_.get(i);
    const StreamStats stats = s.stats();
    counters[0] = stats.refused;
    counters[1] = stats.nonfinite;
    counters[2] = stats.model_resets;
    counters[3] = stats.steps;
    counters[4] = stats.frames;
    const auto capacity = static_cast<std::int64_t>(frames.size());
    for (std::int64_t i = std::max<std::int64_t>(timeline.end - capacity, 0); i < timeline.end;
         ++i) {
      if (!s.timeline_.load(i, &frames[static_cast<std::size_t>(i % capacity)])) continue;
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
    a->value(&post);
    a->value(&idle);
    a->bytes(frames.data(), frames.size() * sizeof(Frame));
    a->value(&timeline);
    a->value(&progress);
    a->value(&knobs);
    a->value(&counters);
  }

  // Everything that indexes memory or bounds a loop.
  [[nodiscard]] bool plausible(const Stream& s) const {
    constexpr std::int64_t far = std::int64_t{1} << 46;
    const auto within = [](std::int64_t x) { return x >= -far && x <= far; };
    for (const std::int64_t x :
         {resampler.next_input, resampler.next_output, windower.base, windower.step,
          timeline.read_next, timeline.sampled, progress.finish_input, progress.last_frame,
          progress.gap_until, progress.ease_start, progress.ease_frames}) {
      if (!within(x)) return false;
    }
    const std::int64_t ahead = progress.gap_until - timeline.end;
    return written >= consumed && written - consumed <= ring.size() &&
           consumed >= progress.origin && written <= static_cast<std::uint64_t>(far) &&
           mark_count <= Marks::kCapacity && s.windower_.accepts(windower) && timeline.end >= 0 &&
           within(timeline.end) && timeline.read_next >= 0 && timeline.sampled >= -1 &&
           resampler.next_input >= 0 && ahead < far &&
           windower.base <= windower.step * s.shape_.hop + s.shape_.offset &&
           idle.blink_start == idle.blink_start && idle.gaze_next == idle.gaze_next;
  }

  std::vector<float> ring;
  std::uint64_t written = 0, consumed = 0, mark_count = 0;
  std::uint64_t marks[Marks::kCapacity] = {};
  std::vector<float> history;
  Resampler::State resampler{};
  std::vector<float> window;
  Windower::State windower{};
  std::vector<float> state;
  PostProcess::State post{};
  Idle::State idle{};
  std::vector<Frame> frames;
  Timeline::State timeline{};
  Progress progress;
  float knobs[kKnobCount] = {};
  std::uint64_t counters[5] = {};
};

namespace {

// Identifies the bundle and the options that shape the state.
std::string fingerprint(const Model& model, const StreamConfig& c) {
  const std::string text = model.bundle().manifest_sha256 + ' ' + std::to_string(c.sample_rate) +
                           ' ' + std::to_string(c.frame_rate.num) + '/' +
                           std::to_string(c.frame_rate.den) + ' ' + std::to_string(c.ring_ms) +
                           ' ' + std::to_string(c.store_ms) + ' ' + std::to_string(c.sampling) +
                           ' ' + std::to_string(c.raw) + ' ' + std::to_string(c.seed);
  return sha256_hex(text.data(), text.size());
}

class BusyGuard {
 public:
  explicit BusyGuard(std::atomic<bool>* flag)
      : flag_(flag), taken_(!flag->exchange(true, std::memory_order_acquire)) {}
  ~BusyGuard() {
    if (taken_) flag_->store(false, std::memory_order_release);
  }
  BusyGuard(const BusyGuard&) = delete;
  BusyGuard& operator=(const BusyGuard&) = delete;
  [[nodiscard]] bool taken() const { return taken_; }

 private:
  std::atomic<bool>* flag_;
  bool taken_;
};

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
  ring_.restore(snapshot.ring.data(), snapshot.consumed, snapshot.written);
  marks_.restore(snapshot.marks, snapshot.mark_count);
  resampler_.restore(snapshot.resampler, snapshot.history.data());
  windower_.restore(snapshot.windower, snapshot.window.data());
  std::copy(snapshot.state.begin(), snapshot.state.end(), runner_->state().begin());
  post_.restore(snapshot.post);
  idle_.restore(snapshot.idle);
  timeline_.restore(snapshot.timeline, snapshot.frames.data());
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
