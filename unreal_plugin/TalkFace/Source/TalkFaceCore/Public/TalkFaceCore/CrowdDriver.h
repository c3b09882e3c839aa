// Many characters on one worker thread: one tick of one talkface_crowd for all.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "TalkFaceCore/StreamWorker.h"

namespace TalkFaceCore {

class CrowdDriver {
 public:
  // [main] Null on failure; Options and Error may be null.
  static std::unique_ptr<CrowdDriver> Open(const talkface_model* Model,
                                           const talkface_crowd_options* Options,
                                           talkface_error* Error) {
    talkface_crowd* Made = nullptr;
    if (talkface_crowd_create(Model, Options, &Made, Error) != TALKFACE_OK) return nullptr;
    return std::unique_ptr<CrowdDriver>(new CrowdDriver(Made));
  }

  // [main] Step must not be running. Members may live on; they make no more frames.
  ~CrowdDriver() {
    Members.clear();
    talkface_crowd_destroy(Crowd);
  }
  CrowdDriver(const CrowdDriver&) = delete;
  CrowdDriver& operator=(const CrowdDriver&) = delete;

  // [main] A new member, fed from the next Step on; null on failure. Error may be null.
  std::shared_ptr<StreamWorker> Join(const WorkerOptions& Options, talkface_error* Error) {
    std::shared_ptr<StreamWorker> Worker = StreamWorker::Join(Crowd, Options, Error);
    if (Worker == nullptr) return nullptr;
    const std::lock_guard<std::mutex> Lock(Gate);
    Changes.push_back({Worker, true});
    return Worker;
  }

  // [main] The member leaves in the next Step; its stream goes with the last reference. Does not
  // wait for a Step that is running.
  void Leave(std::shared_ptr<StreamWorker> Worker) {
    const std::lock_guard<std::mutex> Lock(Gate);
    Changes.push_back({std::move(Worker), false});
  }

  // [worker] One tick for all. MaxSteps: graph steps at most, those of the longest waiting members
  // first; 0: all. Error may be null.
  StepResult Step(uint64_t MaxSteps, talkface_error* Error) {
    TakeChanges();
    bool bMoved = false;
    for (const std::shared_ptr<StreamWorker>& Each : Members) bMoved = Each->Feed() || bMoved;
    uint64_t Frames = 0;
    const talkface_status Status = talkface_crowd_process(Crowd, MaxSteps, &Frames, Error);
    for (const std::shared_ptr<StreamWorker>& Each : Members) bMoved = Each->Settle() || bMoved;
    return {Status, bMoved || Frames > 0};
  }

  // [any]
  talkface_crowd_stats Stats() const {
    talkface_crowd_stats Now = talkface_crowd_stats_init();
    talkface_crowd_get_stats(Crowd, &Now);
    return Now;
  }

 private:
  struct Change {
    std::shared_ptr<StreamWorker> Worker;
    bool bJoin;
  };

  explicit CrowdDriver(talkface_crowd* Made) : Crowd(Made) {}

  void TakeChanges() {
    std::vector<Change> Taken;
    {
      const std::lock_guard<std::mutex> Lock(Gate);
      Taken.swap(Changes);
    }
    for (Change& Each : Taken) {
      if (Each.bJoin) {
        Members.push_back(std::move(Each.Worker));
      } else {
        Members.erase(std::remove(Members.begin(), Members.end(), Each.Worker), Members.end());
      }
    }
  }

  talkface_crowd* const Crowd;
  std::mutex Gate;  // held for a push or a swap, never for a step
  std::vector<Change> Changes;
  std::vector<std::shared_ptr<StreamWorker>> Members;  // of the worker alone
};

}  // namespace TalkFaceCore
