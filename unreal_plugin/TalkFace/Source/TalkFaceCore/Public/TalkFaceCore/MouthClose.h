// The stock face blueprint of a MetaHuman adds poses driven by the curve MouthClose, which fight a
// mouth that is driven already (anchors-sdk.md 3.6).
#pragma once

#include <algorithm>

#include "TalkFaceCore/ArkitNames.h"

namespace TalkFaceCore {

enum class MouthCloseMode {
  Keep,    // the additive is bypassed, or there is none
  IntoJaw  // MouthClose stays 0, so that the additive rests, and closes the jaw instead
};

inline void HandleMouthClose(float (&Weights)[ChannelCount], MouthCloseMode Mode) {
  if (Mode == MouthCloseMode::Keep) return;
  float& Jaw = Weights[Channel::JawOpen];
  float& Close = Weights[Channel::MouthClose];
  Jaw = std::max(0.0f, Jaw - Close);
  Close = 0.0f;
}

}  // namespace TalkFaceCore
