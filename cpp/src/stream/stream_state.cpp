// Saving and loading a stream: one fixed-size blob, checked before anything is touched.
#include <algorithm>
#include <cstring>

#include "base/busy_guard.h"
#include "base/sha256.h"
#include "stream/stream_snapshot.h"
#include "talkface/version.h"

namespace talkface {
namespace {

constexpr char kMagic[8] = {'T', 'F', 'S', 'T', 'A', 'T', 'E', '4'};
constexpr std::size_t kDigest = 64;

}  // namespace

namespace {

// Identifies the bundle, the style and the options that shape the state.
std::string fingerprint(const Model& model, const Style& style, const StreamConfig& c) {
  const std::string text = TALKFACE_VERSION " " + model.bundle().manifest_sha256 + ' ' +
                           style.sha256 + ' ' + std::to_string(c.sample_rate) + ' ' +
                           std::to_string(c.frame_rate.num) + '/' +
                           std::to_string(c.frame_rate.den) + ' ' + std::to_string(c.ring_ms) +
                           ' ' + std::to_string(c.store_ms) + ' ' + std::to_string(c.sampling) +
                           ' ' + std::to_string(c.raw) + ' ' + std::to_string(c.seed) + ' ' +
                           std::to_string(c.timed_capacity) + ' ' + std::to_string(c.sleep_ms);
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

Status Stream::set_style(std::string_view json) {
  const BusyGuard guard(&busy_);
  if (!guard.taken()) return {Code::kBusy, "another thread is inside process, save or load"};
  Style style;
  Status status = Style::parse(json, model_->manifest().identities, &style);
  if (!status.ok()) return status;
  carry_out_requests();
  publish_need();
  if (progress_.active != 0) {
    return {Code::kBadState, "a style is set before the first push or after a flush, not inside"};
  }
  style_ = std::move(style);
  return {};
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
  Status status = snapshot.take(*this);
  if (!status.ok()) return status;
  auto* bytes = static_cast<unsigned char*>(buffer);
  Archive writer(Archive::Mode::kWrite, bytes + kHeader);
  snapshot.walk(&writer);
  const std::string mine = fingerprint(*model_, style_, config_);
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
  const std::string mine = fingerprint(*model_, style_, config_);
  if (std::memcmp(bytes + sizeof(kMagic), mine.data(), kDigest) != 0) {
    return {Code::kBadState,
            "the state was saved with another bundle or other stream options or style"};
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
  set_graph_state(snapshot.state.data());
  phones_.restore(snapshot.queued.data(), snapshot.queued_count);
  if (script_ != nullptr) {
    script_->restore(snapshot.script.data(), static_cast<std::size_t>(snapshot.script_count),
                     snapshot.script_begin);
  }
  post_.restore(snapshot.post);
  timeline_.restore(snapshot.timeline, snapshot.frames.data());
  queued_keys_.restore(snapshot.queued_keys.data(), snapshot.queued_key_count);
  keys_.restore(snapshot.keys.data(), static_cast<std::size_t>(snapshot.key_count));
  constant_ = snapshot.constant;
  setting_.set(constant_);
  lives_ = snapshot.lives;
  restore_life(snapshot.life);
  progress_ = snapshot.progress;
  set_stride(static_cast<std::uint32_t>(snapshot.stride));
  asleep_.store(progress_.asleep != 0);
  origin_.store(progress_.origin);
  for (std::size_t i = 0; i < kKnobCount; ++i) knobs_.set(i, snapshot.knobs[i]);
  std::atomic<std::uint64_t>* counters[] = {&refused_, &nonfinite_, &model_resets_, &steps_,
                                            &made_};
  for (std::size_t i = 0; i < 5; ++i) counters[i]->store(snapshot.counters[i]);
  publish_need();
  return {};
}

}  // namespace talkface
