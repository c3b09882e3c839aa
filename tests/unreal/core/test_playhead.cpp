#include "TalkFaceCore/PlayheadClock.h"
#include "check.h"

using TalkFaceCore::PlayheadClock;

TEST(a_playhead_runs_from_where_the_line_was_pushed) {
  PlayheadClock Clock;
  CHECK(!Clock.IsRunning());
  Clock.Start(100.0, 5000, 48000);
  CHECK(Clock.IsRunning());
  CHECK(Clock.PositionAt(100.0) == 5000);
  CHECK(Clock.PositionAt(100.5) == 5000 + 24000);
  CHECK(Clock.PositionAt(100.5, 0.1) == 5000 + 24000 - 4800);
}

TEST(a_line_can_start_in_its_middle) {
  PlayheadClock Clock;
  Clock.Start(0.0, 1000, 1000, 2.0);
  CHECK(Clock.SecondsAt(0.5) == 2.5);
  CHECK(Clock.PositionAt(0.5) == 1500);
}

TEST(pause_stands_still) {
  PlayheadClock Clock;
  Clock.Start(0.0, 0, 1000);
  Clock.Pause(1.0);
  CHECK(Clock.PositionAt(9.0) == 1000);
  Clock.Report(9.0, 5.0);
  CHECK(Clock.PositionAt(9.0) == 1000);
  Clock.Resume(10.0);
  CHECK(Clock.PositionAt(10.5) == 1500);
}

TEST(pitch_changes_how_fast_it_runs_and_not_where_it_is) {
  PlayheadClock Clock;
  Clock.Start(0.0, 0, 1000);
  Clock.SetPitch(1.0, 2.0);
  CHECK(Clock.PositionAt(1.0) == 1000);
  CHECK(Clock.PositionAt(2.0) == 3000);
  CHECK(Clock.PositionAt(2.0, 0.1) == 2800);  // the ear hears what was played at that pitch
  Clock.SetPitch(2.0, 0.5);
  CHECK(Clock.PositionAt(4.0) == 4000);
}

TEST(drift_is_taken_up_slowly_and_a_jump_at_once) {
  PlayheadClock Clock;
  Clock.Start(0.0, 0, 1000);
  Clock.Report(1.0, 1.05);
  CHECK_NEAR(Clock.SecondsAt(1.0), 1.005, 1e-12);
  Clock.Report(1.0, 0.95);
  CHECK(Clock.SecondsAt(1.0) < 1.005 && Clock.SecondsAt(1.0) > 0.99);
  Clock.Report(2.0, 7.0);
  CHECK_NEAR(Clock.SecondsAt(2.0), 7.0, 1e-12);
  for (int I = 0; I < 200; ++I) Clock.Report(2.0 + 0.02 * I, 7.03 + 0.02 * I);
  CHECK_NEAR(Clock.SecondsAt(6.0), 11.03, 1e-6);
}

TEST(steady_reports_keep_it_within_a_millisecond_and_never_backwards) {
  PlayheadClock Clock;
  Clock.Start(0.0, 0, 48000);
  int64_t Before = -1;
  for (int Frame = 0; Frame < 600; ++Frame) {
    const double Now = Frame / 60.0;
    // A component tells the start of its last buffer of 1024 samples.
    Clock.Report(Now, static_cast<int>(Now * 48000 / 1024) * 1024 / 48000.0);
    const int64_t Position = Clock.PositionAt(Now);
    CHECK(Position >= Before);
    Before = Position;
    CHECK_NEAR(Clock.SecondsAt(Now), Now - 0.0107, 0.0125);
  }
}

TEST(loops_count_on) {
  PlayheadClock Clock;
  Clock.Start(0.0, 0, 1000, 0.0, 2.0);
  for (int I = 1; I <= 100; ++I) {
    const double Now = 0.1 * I;
    double Wrapped = Now;
    while (Wrapped >= 2.0) Wrapped -= 2.0;
    Clock.Report(Now, Wrapped);
    CHECK_NEAR(Clock.SecondsAt(Now), Now, 1e-6);
  }
  Clock.Report(10.5, 10.5);
  CHECK_NEAR(Clock.SecondsAt(10.5), 10.5, 1e-6);
}

TEST(seek_moves_position_and_sound_together) {
  PlayheadClock Clock;
  Clock.Start(0.0, 0, 1000);
  Clock.Seek(3.0, 8000, 1.5);
  CHECK(Clock.PositionAt(3.0) == 8000);
  CHECK(Clock.SecondsAt(3.0) == 1.5);
  Clock.Report(4.0, 2.5);
  CHECK(Clock.PositionAt(4.0) == 9000);
}
