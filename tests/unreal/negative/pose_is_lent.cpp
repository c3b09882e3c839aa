// Wrong: writing to the pose that a component lends.
// Expect: read-only|const-qualified|const value|cannot assign
#include "TalkFaceComponent.h"

float PoseIsLent(UTalkFaceComponent& Component) {
#ifdef WRONG
  Component.GetPose().weights[0] = 1.0f;
#endif
  return Component.GetPose().weights[0];
}
