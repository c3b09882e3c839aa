#include "stream/crowd.h"

#include <algorithm>
#include <chrono>

#include "base/busy_guard.h"
#include "base/fp_mode.h"

namespace talkface {
namespace {

// Streams that make one more thread worth while.
constexpr std::size_t kStreamsPerShare = 4;
// What is kept of a round for the threads that are done first: a quarter, unless that is too
// little.
constexpr std::size_t kRest = 4;
constexpr std::size_t kSmallestRest = 8;  // for each thread

}  // namespace

// Members are left again, whatever happens.
class Crowd::Entered {
 public:
  explicit Entered(std::vector<Member>* members) : members_(members) {
    for (Member& member : *members) {
      member.entered = member.stream->enter();
      member.next = Stream::Next::kIdle;
    }
  }
  ~Entered() {
    for (Member& member : *members_) {
      if (member.entered) member.stream->leave();
    }
  }
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;

 private:
  std::vector<Member>* members_;
};

Crowd::Crowd(std::shared_ptr<const Model> model, const CrowdConfig& config)
    : model_(std::move(model)),
      config_(config),
      shares_(config.threads),
      jobs_(config.threads, config.runner, config.runner_user) {
  members_.reserve(config.max_streams);
  chosen_.reserve(config.max_streams);
  joining_.reserve(config.max_streams);
}

Status Crowd::create(std::shared_ptr<const Model> model, const CrowdConfig& config,
                     std::unique_ptr<Crowd>* out) {
  const FpModeGuard guard;
  std::shared_ptr<OrtSession> session;
  Status status = model->batch_session(&session);
  if (!status.ok()) return status;
  CrowdConfig own = config;
  if (session->captures_graphs() && own.threads > 1) {
    // All shares have one CUDA stream, on which nothing else may happen while a run is captured.
    session->log()(LogLevel::kWarning, "a crowd with CUDA graphs ticks in one thread");
    own.threads = 1;
  }
  std::unique_ptr<Crowd> crowd(new Crowd(std::move(model), own));
  const std::size_t rows = std::min(config.max_batch, config.max_streams);
  for (Share& share : crowd->shares_) {
    status = BatchRunner::create(session, crowd->model_->manifest(), rows, &share.runner);
    if (!status.ok()) return status;
  }
  *out = std::move(crowd);
  return {};
}

Crowd::~Crowd() { stop(); }

Status Crowd::join(const StreamConfig& config, std::shared_ptr<Stream>* out) {
  StreamConfig member = config;
  member.member = true;
  std::unique_ptr<Stream> made;
  Status status = Stream::create(model_, member, &made);
  if (!status.ok()) return status;
  std::shared_ptr<Stream> stream = std::move(made);
  const std::lock_guard<std::mutex> lock(joining_mutex_);
  if (count_ >= config_.max_streams) forget_those_gone();
  if (count_ >= config_.max_streams) {
    return {Code::kBadState, "the crowd is full: raise max_streams or destroy a stream"};
  }
  ++count_;
  joining_.push_back(stream);
  *out = std::move(stream);
  return {};
}

// Under the lock, and perhaps during a tick, which needs its members until its end: those are only
// no longer counted.
void Crowd::forget_those_gone() {
  joining_.erase(std::remove_if(joining_.begin(), joining_.end(),
                                [](const auto& stream) { return stream->abandoned(); }),
                 joining_.end());
  const auto here = std::count_if(members_.begin(), members_.end(),
                                  [](const Member& member) { return !member.stream->abandoned(); });
  count_ = static_cast<std::uint32_t>(here + static_cast<std::ptrdiff_t>(joining_.size()));
}

void Crowd::admit_members() {
  const std::lock_guard<std::mutex> lock(joining_mutex_);
  const auto gone = std::remove_if(members_.begin(), members_.end(),
                                   [](const Member& member) { return member.stream->abandoned(); });
  members_.erase(gone, members_.end());
  forget_those_gone();
  for (std::shared_ptr<Stream>& stream : joining_) {
    Member member;
    member.stream = std::move(stream);
    members_.push_back(std::move(member));
  }
  joining_.clear();
}

Status Crowd::process(std::uint64_t max_steps, std::uint64_t* made) {
  const BusyGuard busy(&busy_);
  if (!busy.taken()) return {Code::kBusy, "another thread processes this crowd"};
  const FpModeGuard guard;
  admit_members();
  for (Share& share : shares_) share.status = Status();
  const Entered entered(&members_);
  std::uint64_t before = 0;
  for (const Member& member : members_) before += member.stream->stats().frames;
  std::uint64_t left = max_steps == 0 ? UINT64_MAX : max_steps;
  cut(members_.size());
  jobs_.run([this](std::uint32_t) { advance(); });
  for (choose(left); !chosen_.empty() && left > 0; choose(left)) {
    left -= chosen_.size();
    cut(chosen_.size());
    jobs_.run([this](std::uint32_t share) { run(&shares_[share]); });
  }
  publish();
  std::uint64_t after = 0;
  for (const Member& member : members_) after += member.stream->stats().frames;
  frames_.fetch_add(after - before, std::memory_order_relaxed);
  if (made != nullptr) *made = after - before;
  for (const Share& share : shares_) {
    if (!share.status.ok()) return share.status;
  }
  return {};
}

// A round of `count` members becomes one large part for each thread, since large batches are cheap,
// and as many small ones for those that are done first: cores differ, and one may be the game's.
void Crowd::cut(std::size_t count) {
  const std::size_t worth = (count + kStreamsPerShare - 1) / kStreamsPerShare;
  round_.threads = std::max<std::size_t>(std::min(shares_.size(), worth), 1);
  round_.count = count;
  const bool whole = round_.threads == 1 || model_->session()->provider() != Provider::kCpu ||
                     count / kRest < round_.threads * kSmallestRest;
  round_.large = whole ? count : count - count / kRest;
  round_.taken = 0;
}

bool Crowd::take(std::size_t* begin, std::size_t* end) {
  const std::size_t part = round_.taken.fetch_add(1, std::memory_order_relaxed);
  const std::size_t threads = round_.threads;
  const std::size_t rest = round_.count - round_.large;
  if (part < threads) {
    *begin = round_.large * part / threads;
    *end = round_.large * (part + 1) / threads;
  } else {
    *begin = round_.large + rest * std::min(part - threads, threads) / threads;
    *end = round_.large + rest * std::min(part - threads + 1, threads) / threads;
  }
  return *begin < *end;
}

void Crowd::advance() {
  const FpModeGuard guard;
  for (std::size_t i = 0, end = 0; take(&i, &end);) {
    for (; i < end; ++i) {
      Member& member = members_[i];
      if (!member.entered) continue;
      member.next = member.stream->advance();
      if (member.next != Stream::Next::kStep) {
        member.turn = 0;
      } else if (member.turn == 0) {
        member.turn = turns_;
      }
    }
  }
}

// The members that run in this round: all that want to, or those whose turn has been due the
// longest, the furthest behind first. Turns alone make it fair: rings that are full are all as far
// behind as they can be. How far is read once, since audio comes in meanwhile.
void Crowd::choose(std::uint64_t most) {
  chosen_.clear();
  for (Member& member : members_) {
    if (member.entered && member.next == Stream::Next::kStep) chosen_.push_back(&member);
  }
  if (chosen_.size() > most) {
    for (Member* member : chosen_) member->behind = member->stream->due_since();
    std::sort(chosen_.begin(), chosen_.end(), [](const Member* a, const Member* b) {
      return a->turn != b->turn ? a->turn < b->turn : a->behind > b->behind;
    });
    chosen_.resize(static_cast<std::size_t>(most));
  }
  for (Member* member : chosen_) member->turn = ++turns_;
}

void Crowd::run(Share* share) {
  const FpModeGuard guard;
  for (std::size_t begin = 0, end = 0; take(&begin, &end);) {
    while (begin < end) {
      const std::size_t rows = std::min(end - begin, share->runner->max_rows());
      run_batch(share, begin, begin + rows);
      begin += rows;
    }
  }
}

void Crowd::run_batch(Share* share, std::size_t begin, std::size_t end) {
  BatchRunner& runner = *share->runner;
  runner.begin(end - begin);
  for (std::size_t i = begin; i < end; ++i) {
    Stream& stream = *chosen_[i]->stream;
    stream.prepare(runner.row(i - begin));
    runner.load(i - begin, stream.member_state().data);
  }
  const Status status = runner.run();
  if (!status.ok()) share->status = status;
  for (std::size_t i = begin; i < end; ++i) {
    Stream& stream = *chosen_[i]->stream;
    const bool good = status.ok() && runner.finite(i - begin);
    if (good) runner.store(i - begin, stream.member_state().data);
    stream.complete(runner.row(i - begin), status.ok(), good);
    chosen_[i]->next = status.ok() ? stream.advance() : Stream::Next::kIdle;
    if (chosen_[i]->next != Stream::Next::kStep) chosen_[i]->turn = 0;
  }
  share->steps += end - begin;
  ++share->runs;
}

void Crowd::publish() {
  std::uint32_t asleep = 0;
  std::uint32_t full = 0;
  std::uint64_t backlog = 0;
  double oldest = 0.0;
  for (const Member& member : members_) {
    const Stream& stream = *member.stream;
    asleep += stream.stats().asleep ? 1 : 0;
    full += member.next == Stream::Next::kFull ? 1 : 0;
    if (member.next != Stream::Next::kStep) continue;
    backlog += stream.steps_due();
    oldest = std::max(oldest, stream.due_since());
  }
  std::uint64_t steps = 0;
  std::uint64_t runs = 0;
  std::uint64_t failures = 0;
  for (const Share& share : shares_) {
    steps += share.steps;
    runs += share.runs;
    failures += share.status.ok() ? 0 : 1;
  }
  streams_.store(static_cast<std::uint32_t>(members_.size()), std::memory_order_relaxed);
  asleep_.store(asleep, std::memory_order_relaxed);
  full_.store(full, std::memory_order_relaxed);
  backlog_.store(backlog, std::memory_order_relaxed);
  oldest_seconds_.store(oldest, std::memory_order_relaxed);
  steps_.store(steps, std::memory_order_relaxed);
  runs_.store(runs, std::memory_order_relaxed);
  failures_.fetch_add(failures, std::memory_order_relaxed);
}

CrowdStats Crowd::stats() const {
  const auto get = [](const auto& value) { return value.load(std::memory_order_relaxed); };
  return {get(streams_), get(asleep_),  get(full_),     get(steps_),         get(runs_),
          get(frames_),  get(backlog_), get(failures_), get(oldest_seconds_)};
}

Status Crowd::start(std::uint32_t period_us) {
  if (thread_.joinable()) return {Code::kBadState, "the crowd has been started already"};
  thread_stops_ = false;
  thread_ = std::thread([this, period_us] { tick_until_stopped(period_us); });
  return {};
}

void Crowd::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard<std::mutex> lock(thread_mutex_);
    thread_stops_ = true;
  }
  thread_wakes_.notify_all();
  thread_.join();
}

void Crowd::tick_until_stopped(std::uint32_t period_us) {
  using Clock = std::chrono::steady_clock;
  Clock::time_point next = Clock::now();
  std::unique_lock<std::mutex> lock(thread_mutex_);
  while (!thread_stops_) {
    lock.unlock();
    try {
      const Status status = process(0, nullptr);
      if (!status.ok() && status.code() != Code::kBusy) {
        model_->session()->log()(LogLevel::kError, "a crowd's tick failed: " + status.message());
      }
    } catch (...) {
      failures_.fetch_add(1, std::memory_order_relaxed);
    }
    lock.lock();
    // After a late tick the next one comes a period later, not all at once.
    next = std::max(next + std::chrono::microseconds(period_us), Clock::now());
    thread_wakes_.wait_until(lock, next, [this] { return thread_stops_; });
  }
}

}  // namespace talkface
