// Where the audio is, in samples, between the reports of an audio component.
#pragma once

#include <cmath>
#include <cstdint>

namespace TalkFaceCore {

// Times are seconds of one steady clock of the caller. Positions are those of
// StreamWorker::Produced, so that a line that starts at position P is heard from P on. All calls
// come from one thread.
class PlayheadClock {
 public:
  // A larger difference between a report and this clock is a jump, a smaller one is drift.
  static constexpr double JumpSeconds = 0.1;
  static constexpr double DriftShare = 0.1;  // of the difference, taken up by each report

  // The sound's second OffsetSeconds is heard now, and was or will be pushed at Position.
  // LoopSeconds: the length of a sound that repeats, else 0.
  void Start(double Now, int64_t Position, uint32_t SampleRate, double OffsetSeconds = 0.0,
             double LoopSeconds = 0.0) {
    Rate = static_cast<double>(SampleRate);
    Length = LoopSeconds;
    Pitch = 1.0;
    bRunning = true;
    Seek(Now, Position, OffsetSeconds);
  }

  // The sound goes on at OffsetSeconds, whose sample is pushed at Position.
  void Seek(double Now, int64_t Position, double OffsetSeconds) {
    Base = static_cast<double>(Position) - OffsetSeconds * Rate;
    AnchorTime = Now;
    AnchorSeconds = OffsetSeconds;
  }

  // The audio component says that it plays the sound's second Seconds (below LoopSeconds, or
  // counted on).
  void Report(double Now, double Seconds) {
    if (!bRunning) return;
    const double Expected = SecondsAt(Now);
    if (Length > 0) Seconds += Length * std::round((Expected - Seconds) / Length);
    const double Off = Seconds - Expected;
    AnchorSeconds = Expected + (std::fabs(Off) > JumpSeconds ? Off : DriftShare * Off);
    AnchorTime = Now;
  }

  void SetPitch(double Now, double NewPitch) {
    Hold(Now);
    Pitch = NewPitch;
  }

  // Pause stands still until Resume.
  void Pause(double Now) {
    Hold(Now);
    bRunning = false;
  }

  void Resume(double Now) {
    AnchorTime = Now;
    bRunning = true;
  }

  bool IsRunning() const { return bRunning; }

  // Seconds of the sound, counted on through loops.
  double SecondsAt(double Now) const {
    return AnchorSeconds + (bRunning ? (Now - AnchorTime) * Pitch : 0.0);
  }

  // The playhead for StreamWorker::Sample. LatencySeconds: from the component to the ear.
  int64_t PositionAt(double Now, double LatencySeconds = 0.0) const {
    return std::llround(Base + (SecondsAt(Now) - LatencySeconds * Pitch) * Rate);
  }

 private:
  void Hold(double Now) {
    AnchorSeconds = SecondsAt(Now);
    AnchorTime = Now;
  }

  double Rate = 0.0;
  double Length = 0.0;
  double Pitch = 1.0;
  double Base = 0.0;
  double AnchorTime = 0.0;
  double AnchorSeconds = 0.0;
  bool bRunning = false;
};

}  // namespace TalkFaceCore
