// Wrong: a submix listener with the arguments of an older engine.
// Expect: marked .override.,? but does not override|only virtual member functions
#include "ISubmixBufferListener.h"

class FListenerOverride : public ISubmixBufferListener {
 public:
#ifdef WRONG
  virtual void OnNewSubmixBuffer(const USoundSubmix*, float*, int32, int32, const int32) override {}
#else
  virtual void OnNewSubmixBuffer(const USoundSubmix*, float*, int32, int32, const int32,
                                 double) override {}
#endif
};
