#include <atomic>
#include <chrono>
#include <thread>

#include "TalkFaceCore/CrowdDriver.h"
#include "bundle.h"
#include "check.h"

using namespace TalkFaceCore;
using core_test::Rate;
using core_test::Speech;

namespace {

constexpr int64_t Tick = Rate / 100;

WorkerOptions Options(uint64_t Seed) {
  WorkerOptions Made;
  Made.Stream.sample_rate = Rate;
  Made.Stream.seed = Seed;
  Made.bIdleLife = false;
  return Made;
}

std::unique_ptr<CrowdDriver> Open(uint32_t Most = 8) {
  talkface_crowd_options Given = talkface_crowd_options_init();
  Given.max_streams = Most;
  Given.max_batch = 4;
  return CrowdDriver::Open(core_test::Model(), &Given, nullptr);
}

void StepAll(CrowdDriver& Crowd) {
  for (int I = 0; I < 1000; ++I) {
    const StepResult Result = Crowd.Step(0, nullptr);
    CHECK(Result.Status == TALKFACE_OK);
    if (!Result.bAgain) return;
  }
  CHECK(false);  // it never rests
}

}  // namespace

TEST(members_say_what_they_would_say_alone) {
  auto Crowd = Open();
  std::vector<std::shared_ptr<StreamWorker>> Members;
  std::vector<std::vector<talkface_pose>> Alone;
  for (uint64_t Seed = 1; Seed <= 3; ++Seed) {
    Members.push_back(Crowd->Join(Options(Seed), nullptr));
    if (Seed == 2) Members.back()->RequestWarmUp();
    Members.back()->Push(Speech().data(), Speech().size());
    Members.back()->Finish();
    Alone.push_back(core_test::Expected(Seed));
  }
  float Most = 0;
  for (std::size_t I = 0; I < Alone[0].size(); ++I) {
    StepAll(*Crowd);
    for (std::size_t Member = 0; Member < Members.size(); ++Member) {
      talkface_pose Pose = talkface_pose_init();
      Members[Member]->Sample(static_cast<int64_t>(I) * Tick, &Pose);
      Most = std::max(Most, core_test::Difference(Pose, Alone[Member][I]));
    }
  }
  CHECK(Most <= 1e-5f);  // docs/numerics.md, law (e)
  CHECK(Crowd->Stats().streams == 3 && Crowd->Stats().failures == 0);
  CHECK(Crowd->Stats().steps > Crowd->Stats().runs);
}

TEST(a_full_crowd_says_so_and_leaving_makes_room) {
  auto Crowd = Open(1);
  auto First = Crowd->Join(Options(1), nullptr);
  talkface_error Error = talkface_error_init();
  CHECK(Crowd->Join(Options(2), &Error) == nullptr && Error.status == TALKFACE_ERROR_BAD_STATE);
  StepAll(*Crowd);
  Crowd->Leave(std::move(First));
  StepAll(*Crowd);
  CHECK(Crowd->Join(Options(2), nullptr) != nullptr);
}

TEST(a_member_that_left_in_the_step_in_which_it_joined_is_gone) {
  auto Crowd = Open();
  auto Member = Crowd->Join(Options(1), nullptr);
  const std::weak_ptr<StreamWorker> Watch = Member;
  Crowd->Leave(std::move(Member));
  StepAll(*Crowd);
  CHECK(Watch.expired());
}

TEST(a_member_may_outlive_its_crowd) {
  auto Crowd = Open();
  auto Member = Crowd->Join(Options(1), nullptr);
  StepAll(*Crowd);
  Crowd.reset();
  talkface_pose Pose = talkface_pose_init();
  CHECK(Member->Sample(0, &Pose) == TALKFACE_OK);
}

TEST(members_come_and_go_while_the_crowd_ticks) {
  auto Crowd = Open();
  std::atomic<bool> bStop{false};
  std::atomic<int> Failures{0};
  std::thread Thread([&] {
    while (!bStop) {
      const StepResult Result = Crowd->Step(0, nullptr);
      if (Result.Status != TALKFACE_OK) ++Failures;
      if (!Result.bAgain) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  float Most = 0;
  for (int Round = 0; Round < 6; ++Round) {
    std::vector<std::shared_ptr<StreamWorker>> Members;
    for (uint64_t Seed = 0; Seed < 4; ++Seed) {
      WorkerOptions Given = Options(Seed);
      Given.bIdleLife = Seed % 2 == 0;
      auto Member = Crowd->Join(Given, nullptr);
      if (Member == nullptr) continue;  // those that left last are not gone yet
      Member->Push(Speech().data(), Rate);
      Members.push_back(std::move(Member));
    }
    for (int I = 0; I < 40; ++I) {
      for (auto& Each : Members) {
        talkface_pose Pose = talkface_pose_init();
        Each->Sample(I * Tick, &Pose);
        Most = std::max(Most, Pose.weights[17]);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    for (auto& Each : Members) Crowd->Leave(std::move(Each));
  }
  bStop = true;
  Thread.join();
  CHECK(Failures == 0 && Most > 0.0f);
}
