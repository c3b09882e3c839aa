// Which emotion a face shows, for an event: a change counts when it has lasted.
#pragma once

#include <cstdint>

#include "talkface/talkface.h"

namespace TalkFaceCore {

class EmotionTracker {
 public:
  // Take a pose; true when Current() changed. A new emotion must lead the current one by
  // Margin for HoldSeconds.
  bool Update(const talkface_pose& Pose, double DeltaSeconds) {
    uint32_t Leader = Shown;
    for (uint32_t Index = 0; Index < TALKFACE_EMOTION_COUNT; ++Index) {
      if (Pose.emotion[Index] > Pose.emotion[Leader]) Leader = Index;
    }
    const bool bLeads = Leader != Shown && Pose.emotion[Leader] - Pose.emotion[Shown] >= Margin;
    if (!bLeads || Leader != Rising) Lasted = 0.0;
    Rising = bLeads ? Leader : Shown;
    if (!bLeads) return false;
    Lasted += DeltaSeconds;
    if (Lasted < HoldSeconds) return false;
    Shown = Leader;
    Lasted = 0.0;
    return true;
  }

  // Index of the emotion (talkface_emotion_name); neutral at first.
  uint32_t Current() const { return Shown; }

  float Margin = 0.1f;
  double HoldSeconds = 0.25;

 private:
  uint32_t Shown = 0;
  uint32_t Rising = 0;
  double Lasted = 0.0;
};

}  // namespace TalkFaceCore
