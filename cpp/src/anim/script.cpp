#include "anim/script.h"

#include <algorithm>

#include "base/math.h"

namespace talkface {
namespace {

constexpr double kFadeSeconds = 0.06;
constexpr double kBridgeSeconds = 0.3;  // a shorter gap is a silence of the script

}  // namespace

Script::Script(const ArticulationTable* table, double frame_rate, double sample_rate,
               double history_seconds, std::size_t capacity)
    : table_(*table),
      sample_rate_(sample_rate),
      history_(static_cast<std::int64_t>(history_seconds * sample_rate)),
      capacity_(capacity),
      articulation_(table, frame_rate, capacity) {
  phones_.reserve(capacity);
  stretches_.reserve(capacity);
}

void Script::clear() {
  phones_.clear();
  begin_ = 0;
  compile();
}

void Script::admit(PhoneQueue* queue, std::uint64_t horizon, std::int64_t now) {
  if (queue->consumed() >= horizon) return;
  forget(now - history_);
  const std::int64_t late = std::max(now - history_, begin_);
  bool changed = false;
  while (queue->consumed() < horizon && phones_.size() < capacity_) {
    if (queue->front().end > late) {
      insert(queue->front());
      changed = true;
    }
    queue->pop();
  }
  if (changed) compile();
}

void Script::forget(std::int64_t before) {
  const auto kept = std::partition_point(phones_.begin(), phones_.end(),
                                         [&](const Phone& phone) { return phone.end <= before; });
  if (kept == phones_.begin()) return;
  begin_ = (kept - 1)->end;
  phones_.erase(phones_.begin(), kept);
}

// The newer phone wins: what it overlaps is cut back, or goes.
void Script::insert(Phone phone) {
  phone.start = std::max(phone.start, begin_);
  auto at = std::partition_point(phones_.begin(), phones_.end(),
                                 [&](const Phone& p) { return p.end <= phone.start; });
  if (at != phones_.end() && at->start < phone.start) {
    at->end = phone.start;
    ++at;
  }
  auto last = at;
  while (last != phones_.end() && last->end <= phone.end) ++last;
  if (last != phones_.end() && last->start < phone.end) last->start = phone.end;
  at = phones_.erase(at, last);
  phones_.insert(at, phone);
}

void Script::compile() {
  articulation_.set({phones_.data(), phones_.size()}, sample_rate_, begin_);
  stretches_.clear();
  for (const Phone& phone : phones_) {
    const double start = static_cast<double>(phone.start) / sample_rate_;
    const double end = static_cast<double>(phone.end) / sample_rate_;
    if (!stretches_.empty() && start - stretches_.back().end <= kBridgeSeconds) {
      stretches_.back().end = end;
    } else {
      stretches_.push_back({start, end});
    }
  }
}

float Script::coverage(double seconds) const {
  const auto at = std::partition_point(
      stretches_.begin(), stretches_.end(),
      [&](const Stretch& stretch) { return stretch.end + kFadeSeconds <= seconds; });
  if (at == stretches_.end()) return 0.0f;
  const double outside = std::max(at->start - seconds, seconds - at->end);
  return smoothstep(0.0f, 1.0f, static_cast<float>(1.0 - outside / kFadeSeconds));
}

bool Script::accepts(const Phone& phone) const {
  return phone.start >= 0 && phone.start < phone.end && phone.end <= kFarthest &&
         phone.symbol < table_.symbols.size();
}

void Script::restore(const Phone* phones, std::size_t count, std::int64_t begin) {
  phones_.assign(phones, phones + count);
  begin_ = begin;
  compile();
}

}  // namespace talkface
