// Wrong: a runnable without Run.
// Expect: abstract
#include "HAL/RunnableThread.h"

class FRunnableRuns : public FRunnable {
#ifndef WRONG
 public:
  virtual uint32 Run() override;
#endif
};

FRunnableThread* RunnableRuns() { return FRunnableThread::Create(new FRunnableRuns, u"TalkFace"); }
