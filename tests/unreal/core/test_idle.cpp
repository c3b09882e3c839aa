#include <cmath>

#include "worker_fixture.h"

using namespace core_test;

namespace {

WorkerOptions Living() {
  WorkerOptions Made = Options();
  Made.bIdleLife = true;
  return Made;
}

// Most that lids close in some seconds of a game that samples one position and steps 50 times a
// second.
float Blinks(StreamWorker& Worker, int64_t Position, double Length) {
  float Most = 0;
  for (const double Until = FakeSeconds + Length; FakeSeconds < Until; FakeSeconds += 0.02) {
    StepAll(Worker);
    Most = std::max(Most, At(Worker, Position).weights[0]);
  }
  return Most;
}

}  // namespace

TEST(a_face_lives_before_between_and_after_lines) {
  auto Worker = Open(Living());
  CHECK(Blinks(*Worker, 0, 12) > 0.5f);
  CHECK(Worker->State() == WorkerState::Idle && Worker->Produced() == 0);
  for (uint64_t Line = 1; Line <= 2; ++Line) {
    const int64_t From = Worker->Produced();
    Worker->Push(Speech().data(), Speech().size());
    Worker->Finish();
    CHECK(Widest(*Worker, From, static_cast<int64_t>(Speech().size()) + Tick) > 0.1f);
    CHECK(Worker->Finished() == Line && Worker->State() == WorkerState::Idle);
    CHECK(Blinks(*Worker, Worker->Produced(), 12) > 0.5f);
    CHECK(At(*Worker, Worker->Produced()).weights[17] < 0.05f);
  }
  talkface_stream_stats Stats = talkface_stream_stats_init();
  talkface_stream_get_stats(Worker->Handle(), &Stats);
  CHECK(Stats.asleep == 1);
}

TEST(without_idle_life_a_silent_face_rests) {
  auto Worker = Open();
  CHECK(Blinks(*Worker, 0, 12) == 0.0f);
  CHECK(talkface_stream_next_sample(Worker->Handle()) == 0);
}

TEST(a_line_after_a_rest_is_in_time_with_its_positions) {
  auto Worker = Open(Living());
  Blinks(*Worker, 0, 3.3);
  const int64_t Rested = talkface_stream_next_sample(Worker->Handle());
  CHECK_NEAR(static_cast<double>(Rested), 3.3 * Rate, 0.1 * Rate);
  talkface_emotion_key Key = talkface_emotion_key_init();
  Worker->PushEmotion(Key);
  StepAll(*Worker);
  CHECK(Worker->State() == WorkerState::Idle);
  Worker->Push(Speech().data(), Speech().size());
  Worker->Finish();
  const std::vector<talkface_pose> Alone = core_test::Expected(7);
  double Same = 0;
  double Late = 0;
  for (std::size_t I = 20; I + 20 < Alone.size(); ++I) {
    StepAll(*Worker);
    const float Jaw = At(*Worker, static_cast<int64_t>(I) * Tick).weights[17];
    Same += std::fabs(static_cast<double>(Jaw - Alone[I].weights[17]));
    Late += std::fabs(static_cast<double>(Jaw - Alone[I - 10].weights[17]));
  }
  CHECK(Same < 0.5 * Late);
  CHECK(Worker->Refused() == 0);
}

TEST(a_stall_is_not_caught_up_with) {
  auto Worker = Open(Living());
  Blinks(*Worker, 0, 1);
  const int64_t Before = talkface_stream_next_sample(Worker->Handle());
  FakeSeconds += 600;
  StepAll(*Worker);
  CHECK(talkface_stream_next_sample(Worker->Handle()) == Before);
  Blinks(*Worker, 0, 1);
  CHECK_NEAR(static_cast<double>(talkface_stream_next_sample(Worker->Handle()) - Before), Rate,
             0.1 * Rate);
}
