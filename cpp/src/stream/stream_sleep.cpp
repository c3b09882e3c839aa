// Streams that rest while nobody speaks: a silence ends the utterance, and sound begins the next.
// Sound is looked for in blocks at absolute positions, so that chunking changes nothing.
#include <algorithm>

#include "stream/stream.h"

namespace talkface {
namespace {

constexpr double kQuietPower = 1e-6;        // mean square of a block: -60 dBFS
constexpr std::uint64_t kBlocksBefore = 8;  // that an utterance begins before its first sound

}  // namespace

// Ring position where the block ends that is being fed.
std::uint64_t Stream::next_block() const {
  const auto block = static_cast<std::uint64_t>(block_samples());
  return progress_.origin + ((ring_.consumed() - progress_.origin) / block + 1) * block;
}

// What was just fed: after enough silence the utterance ends.
void Stream::listen(const float* samples, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    progress_.energy += static_cast<double>(samples[i]) * static_cast<double>(samples[i]);
  }
  const std::int64_t block = block_samples();
  const auto heard = static_cast<std::int64_t>(ring_.consumed() - progress_.origin);
  if (heard % block != 0) return;
  const bool quiet = progress_.energy < kQuietPower * static_cast<double>(block);
  progress_.quiet = quiet ? progress_.quiet + block : 0;
  progress_.energy = 0.0;
  const std::int64_t enough = std::int64_t{config_.sample_rate} * config_.sleep_ms / 1000;
  if (progress_.quiet >= enough) progress_.sleep_at = ring_.consumed();
}

void Stream::end_utterance(std::uint64_t mark) {
  if (marks_.front_or(kNowhere) == mark) marks_.pop();
  if (progress_.sleep_at == mark) {
    progress_.asleep = 1;
    progress_.scanned = ring_.consumed();
    asleep_.store(true, std::memory_order_relaxed);
  }
  progress_.sleep_at = kNowhere;
  progress_.quiet = 0;
  progress_.energy = 0.0;
  progress_.active = 0;
  progress_.finishing = 0;
  timeline_.set_limit(closed_at());
}

bool Stream::is_quiet(std::uint64_t position, std::size_t count) {
  double energy = 0.0;
  const std::size_t all = count;
  while (count > 0) {
    const std::size_t part = std::min(count, scratch_.size());
    ring_.copy(position, scratch_.data(), part);
    for (std::size_t i = 0; i < part; ++i) {
      energy += static_cast<double>(scratch_[i]) * static_cast<double>(scratch_[i]);
    }
    position += part;
    count -= part;
  }
  return energy < kQuietPower * static_cast<double>(all);
}

// Asleep: drop what is quiet, but the last blocks, so that the next utterance has its very
// beginning. A flush ends what waits.
void Stream::stay_asleep(std::uint64_t until, std::uint64_t mark) {
  const auto block = static_cast<std::uint64_t>(block_samples());
  until = std::min(until, mark);
  progress_.scanned = std::max(progress_.scanned, ring_.consumed());
  bool quiet = true;
  while (quiet && progress_.scanned + block <= until) {
    quiet = is_quiet(progress_.scanned, static_cast<std::size_t>(block));
    if (quiet) progress_.scanned += block;
  }
  if (quiet && until == mark && progress_.scanned < mark) {
    quiet = is_quiet(progress_.scanned, static_cast<std::size_t>(mark - progress_.scanned));
    if (quiet) progress_.scanned = mark;
  }
  const std::uint64_t kept = progress_.scanned == mark ? 0 : kBlocksBefore * block;
  if (progress_.scanned > ring_.consumed() + kept) ring_.drop_before(progress_.scanned - kept);
  timeline_.set_limit(static_cast<std::int64_t>(ring_.consumed() - progress_.origin));
  if (quiet) return;
  progress_.asleep = 0;
  asleep_.store(false, std::memory_order_relaxed);
}

}  // namespace talkface
