#include <atomic>
#include <chrono>
#include <thread>

#include "worker_fixture.h"

using namespace core_test;

TEST(a_line_pushed_at_once_is_the_line_of_the_library) {
  auto Worker = Open();
  CHECK(Worker->State() == WorkerState::Idle);
  CHECK(Worker->Push(Speech().data(), Speech().size()) == Speech().size());
  CHECK(Worker->Finish());
  CHECK(Worker->Produced() == static_cast<int64_t>(Speech().size()));
  StepAll(*Worker);
  CHECK(Worker->State() == WorkerState::Speaking);
  CHECK(Worker->Waiting() == Speech().size() - Rate);  // no further than a second ahead
  CheckSpeech(*Worker, 0, core_test::Expected(7));
  CHECK(Worker->State() == WorkerState::Finishing && Worker->Finished() == 0);
  At(*Worker, Worker->Produced());
  StepAll(*Worker);
  CHECK(Worker->State() == WorkerState::Idle && Worker->Finished() == 1);
}

TEST(integers_are_floats_by_32768) {
  auto Floats = Open();
  auto Integers = Open();
  std::vector<int16_t> Whole(Rate);
  std::vector<float> Parts(Rate);
  for (std::size_t I = 0; I < Rate; ++I) {
    Whole[I] = static_cast<int16_t>(Speech()[I + Rate] * 32767.0f);
    Parts[I] = static_cast<float>(Whole[I]) / 32768.0f;
  }
  Floats->Push(Parts.data(), Rate);
  Integers->Push(Whole.data(), Rate);
  StepAll(*Floats);
  StepAll(*Integers);
  for (int64_t Position = 0; Position < Rate / 2; Position += Tick) {
    CHECK(Difference(At(*Floats, Position), At(*Integers, Position)) == 0.0f);
  }
}

TEST(warming_up_changes_no_pose) {
  auto Worker = Open();
  Worker->RequestWarmUp();
  Worker->Step(nullptr);
  CHECK(Worker->State() == WorkerState::WarmUp);
  Worker->Push(Speech().data(), Speech().size());
  Worker->Finish();
  StepAll(*Worker);
  CHECK(Worker->State() == WorkerState::Speaking);
  CheckSpeech(*Worker, 0, core_test::Expected(7));
}

TEST(warming_up_comes_too_late_after_audio) {
  auto Worker = Open();
  Worker->Push(Speech().data(), Rate);
  StepAll(*Worker);
  Worker->RequestWarmUp();
  StepAll(*Worker);
  CHECK(Worker->State() == WorkerState::Speaking);
  CHECK(talkface_stream_next_sample(Worker->Handle()) > 0);
}

TEST(a_full_queue_takes_no_more_and_loses_nothing) {
  WorkerOptions Small = Options();
  Small.QueueSeconds = 0.5;
  auto Worker = Open(Small);
  const uint64_t Taken = Worker->Push(Speech().data(), Speech().size());
  CHECK(Taken == Rate / 2 + 1);
  uint64_t Pushed = Taken;
  const std::vector<talkface_pose> Wanted = core_test::Expected(7);
  bool bEnded = false;
  float Most = 0;
  for (std::size_t I = 0; I < Wanted.size(); ++I) {
    StepAll(*Worker);
    Pushed += Worker->Push(Speech().data() + Pushed, Speech().size() - Pushed);
    if (Pushed == Speech().size() && !bEnded) bEnded = Worker->Finish();
    StepAll(*Worker);
    Most = std::max(Most, Difference(At(*Worker, static_cast<int64_t>(I) * Tick), Wanted[I]));
  }
  CHECK(bEnded && Most == 0.0f);
}

TEST(an_interrupt_eases_to_neutral_and_the_next_line_starts_anew) {
  auto Worker = Open();
  Worker->Push(Speech().data(), Speech().size());
  Worker->Finish();
  CHECK(Widest(*Worker, 0, Rate) > 0.1f);
  Worker->Interrupt(200);
  const int64_t Stopped = Rate;
  const float Held = At(*Worker, Stopped).weights[17];
  StepAll(*Worker);
  CHECK(Worker->State() == WorkerState::Interrupting && Worker->Waiting() == 0);
  CHECK_NEAR(At(*Worker, Stopped).weights[17], Held, 0.1f);
  for (int64_t Past = Tick; Past <= Rate / 4; Past += Tick) {
    StepAll(*Worker);
    At(*Worker, Stopped + Past);
  }
  CHECK(At(*Worker, Stopped + Rate / 4).weights[17] < 0.02f);
  CHECK(Worker->State() == WorkerState::Idle && Worker->Finished() == 0);
  const int64_t Next = Worker->Produced();
  Worker->Push(Speech().data(), Speech().size());
  Worker->Finish();
  CHECK(Widest(*Worker, Next, Rate) > 0.1f);
  Widest(*Worker, Next + Rate, static_cast<int64_t>(Speech().size()) - Rate + Tick);
  CHECK(Worker->Finished() == 1 && Worker->State() == WorkerState::Idle);
}

TEST(a_line_pushed_right_after_an_interrupt_is_kept) {
  auto Worker = Open();
  Worker->Push(Speech().data(), Speech().size());
  Worker->Finish();
  Widest(*Worker, 0, Rate / 2);
  Worker->Interrupt(100);
  const int64_t Next = Worker->Produced();
  Worker->Push(Speech().data() + Rate, Rate);
  Worker->Finish();
  CHECK(Worker->Started() == 1 && Worker->Interrupted() == 0);
  StepAll(*Worker);
  CHECK(Worker->State() == WorkerState::Finishing);
  CHECK(Worker->Started() == 2 && Worker->Interrupted() == 1);  // both within one step
  CHECK(Widest(*Worker, Next, Rate) > 0.1f);
  At(*Worker, Next + Rate);
  StepAll(*Worker);
  CHECK(Worker->Finished() == 1);
}

TEST(an_interrupt_is_over_even_if_the_playhead_stands_still) {
  for (const bool bNewest : {false, true}) {
    auto Worker = Open();
    Worker->Push(Speech().data(), Speech().size());
    Widest(*Worker, 0, Rate);
    if (bNewest) At(*Worker, TALKFACE_NEWEST);
    Worker->Interrupt(200);
    StepAll(*Worker);
    CHECK(Worker->State() == WorkerState::Interrupting);
    FakeSeconds += 0.25;
    StepAll(*Worker);
    CHECK(Worker->State() == WorkerState::Interrupting);
    FakeSeconds += 0.1;
    StepAll(*Worker);
    CHECK(Worker->State() == WorkerState::Idle);
  }
}

TEST(an_interrupt_before_anything_was_fed_drops_it_and_nothing_else) {
  auto Worker = Open();
  Worker->Push(Speech().data(), Rate);
  talkface_emotion_key Key = talkface_emotion_key_init();
  Worker->PushEmotion(Key);
  Worker->Finish();
  Worker->Interrupt(200);
  StepAll(*Worker);
  CHECK(Worker->State() == WorkerState::Idle && Worker->Waiting() == 0);
  CHECK(talkface_stream_next_sample(Worker->Handle()) == 0 && Worker->Finished() == 0);
  const int64_t Next = Worker->Produced();
  Worker->Push(Speech().data(), Speech().size());
  Worker->Finish();
  CheckSpeech(*Worker, Next, core_test::Expected(7));
}

TEST(a_playhead_waits_while_the_worker_has_not_seen_the_interrupt) {
  auto Worker = Open();
  Worker->Push(Speech().data(), Rate);
  Widest(*Worker, 0, Rate / 2);
  const talkface_pose Before = At(*Worker, Rate / 2);
  Worker->Interrupt(0);
  const int64_t Next = Worker->Produced();
  Worker->Push(Speech().data(), Rate);
  CHECK(Difference(At(*Worker, Next + Rate / 4), Before) == 0.0f);
  StepAll(*Worker);
  CHECK((At(*Worker, Next + Rate / 4).flags & TALKFACE_POSE_HELD) == 0);
}

TEST(utterances_in_a_row_are_counted_when_heard) {
  auto Worker = Open();
  for (int I = 0; I < 3; ++I) {
    Worker->Push(Speech().data() + Rate, Rate / 4);
    Worker->Finish();
  }
  StepAll(*Worker);
  CHECK(Worker->Finished() == 0 && Worker->State() == WorkerState::Finishing);
  for (uint64_t Line = 1; Line <= 3; ++Line) {
    At(*Worker, static_cast<int64_t>(Line) * Rate / 4);
    StepAll(*Worker);
    CHECK(Worker->Finished() == Line);
  }
  CHECK(Worker->State() == WorkerState::Idle);
  Worker->Finish();  // with nothing said
  StepAll(*Worker);
  CHECK(Worker->Finished() == 3 && Worker->State() == WorkerState::Idle);
}

TEST(newest_needs_no_playhead) {
  auto Worker = Open();
  At(*Worker, TALKFACE_NEWEST);
  Worker->Push(Speech().data(), Speech().size());
  Worker->Finish();
  StepAll(*Worker);
  CHECK(Worker->Waiting() == 0 && Worker->Finished() == 1);
}

TEST(an_emotion_holds_from_its_position_on_even_after_an_interrupt) {
  const auto Mouth = [](bool bKey, bool bInterrupt) {
    auto Worker = Open();
    if (bInterrupt) {
      Worker->Push(Speech().data(), Rate / 3);
      Widest(*Worker, 0, Rate / 4);
      Worker->Interrupt(0);
    }
    talkface_emotion_key Key = talkface_emotion_key_init();
    Key.mix[0] = 0;
    Key.mix[1] = Key.weight = 1;
    Key.sample = Worker->Produced();
    if (bKey) CHECK(Worker->PushEmotion(Key));
    const int64_t From = Worker->Produced();
    Worker->Push(Speech().data(), 2 * Rate);
    float Smile = 0;
    for (int64_t Position = From; Position < From + 2 * Rate; Position += Tick) {
      StepAll(*Worker);
      Smile += At(*Worker, Position).weights[23];
    }
    CHECK(Worker->Refused() == 0);
    return Smile;
  };
  CHECK(Mouth(true, false) > Mouth(false, false) + 1.0f);
  CHECK(Mouth(true, true) > Mouth(false, true) + 1.0f);
}

TEST(an_interrupt_drops_emotions_that_wait) {
  auto Worker = Open();
  talkface_emotion_key Key = talkface_emotion_key_init();
  Key.mix[0] = 0;
  Key.mix[1] = Key.weight = 1;
  Key.sample = 2 * Rate;  // late in the line that is dropped, early in the next one
  CHECK(Worker->PushEmotion(Key));
  Worker->Push(Speech().data(), Rate);
  Worker->Interrupt(0);
  const int64_t Next = Worker->Produced();
  Worker->Push(Speech().data(), Speech().size());
  Worker->Finish();
  CheckSpeech(*Worker, Next, core_test::Expected(7));
}

TEST(what_the_stream_refuses_is_counted_and_does_not_block) {
  auto Worker = Open();
  talkface_phone Phone = talkface_phone_init();
  Phone.end = 100;
  Phone.symbol[0] = '?';
  CHECK(Worker->PushPhone(Phone));
  Phone.symbol[0] = 'M';
  CHECK(Worker->PushPhone(Phone));
  talkface_emotion_key Key = talkface_emotion_key_init();
  Key.mix[1] = 5;
  CHECK(Worker->PushEmotion(Key));
  Worker->Push(Speech().data(), Rate / 2);
  StepAll(*Worker);
  CHECK(Worker->Refused() == 2 && Worker->Waiting() == 0);
}

TEST(timed_emotions_are_the_librarys) {
  std::vector<talkface_emotion_key> Keys;
  for (int64_t I = 0; I < 60; ++I) {
    talkface_emotion_key Key = talkface_emotion_key_init();
    Key.mix[0] = 0;
    Key.mix[1 + I % 3] = Key.weight = 1;
    Key.sample = I * Rate / 10;
    Keys.push_back(Key);
  }
  auto Worker = Open();
  for (const talkface_emotion_key& Key : Keys) CHECK(Worker->PushEmotion(Key));
  Worker->Push(Speech().data(), Speech().size());
  Worker->Finish();
  CheckSpeech(*Worker, 0, core_test::Expected(7, Keys));
  CHECK(Worker->Refused() == 0);
}

TEST(more_keys_than_the_stream_can_hold_do_not_stop_the_audio) {
  WorkerOptions Few = Options();
  Few.Stream.timed_capacity = 16;
  Few.TimedCapacity = 64;
  auto Worker = Open(Few);
  for (int64_t I = 0; I < 40; ++I) {
    talkface_emotion_key Key = talkface_emotion_key_init();
    Key.sample = I * Rate / 20;
    CHECK(Worker->PushEmotion(Key));
    Worker->Push(Speech().data() + I * Rate / 20, Rate / 20);
  }
  Widest(*Worker, 0, 2 * Rate);
  CHECK(Worker->Waiting() == 0 && Worker->Refused() == 0);
  for (int I = 0; I < 64; ++I) CHECK(Worker->Finish());
  CHECK(!Worker->Finish());
}

TEST(a_style_that_cannot_be_is_an_error) {
  WorkerOptions Odd = Options();
  Odd.Style = "{\"talkface_style\": 1, \"gain\": {\"noSuch\": 1}}";
  talkface_error Error = talkface_error_init();
  CHECK(StreamWorker::Open(Model(), Odd, &Error) == nullptr);
  CHECK(Error.message[0] != '\0');
  WorkerOptions Worse = Options();
  Worse.Stream.sample_rate = 1;
  CHECK(StreamWorker::Open(Model(), Worse, nullptr) == nullptr);
}

// Two threads and a real clock, four times as fast: what is checked is that all of it is said, and
// under -fsanitize=thread that nothing races.
TEST(a_worker_thread_and_a_game_thread) {
  WorkerOptions Given = Options();
  Given.bIdleLife = true;
  Given.Seconds = SteadySeconds;
  auto Worker = Open(Given);
  Worker->RequestWarmUp();
  std::atomic<bool> bStop{false};
  std::atomic<int> Failures{0};
  std::thread Thread([&] {
    while (!bStop) {
      const StepResult Result = Worker->Step(nullptr);
      if (Result.Status != TALKFACE_OK) ++Failures;
      if (!Result.bAgain) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  float Most = 0;
  for (int Line = 0; Line < 3; ++Line) {
    const int64_t From = Worker->Produced();
    const uint64_t Done = Worker->Finished();
    Worker->Push(Speech().data(), 2 * Rate);
    Worker->Finish();
    int64_t Position = From;
    for (int I = 0; I < 4000 && Worker->Finished() == Done; ++I, Position += Tick) {
      Most = std::max(Most, At(*Worker, Position).weights[17]);
      if (Line == 1 && I == 50) {
        Worker->Interrupt(50);
        Worker->Push(Speech().data() + Rate, Rate / 2);
        Worker->Finish();
        Position = Worker->Produced() - Rate / 2;
      }
      std::this_thread::sleep_for(std::chrono::microseconds(2500));
    }
    CHECK(Worker->Finished() == Done + 1);
  }
  bStop = true;
  Thread.join();
  CHECK(Failures == 0);
  CHECK(Most > 0.1f);
}
