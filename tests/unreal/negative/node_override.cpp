// Wrong: an animation node that only reads what it must write.
// Expect: marked .override.,? but does not override|only virtual member functions
#include "AnimNode_TalkFace.h"

struct FNodeOverride : FAnimNode_TalkFace {
#ifdef WRONG
  virtual void Evaluate_AnyThread(const FPoseContext& Output) override;
#else
  virtual void Evaluate_AnyThread(FPoseContext& Output) override;
#endif
};
