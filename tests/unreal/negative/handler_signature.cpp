// Wrong: a handler that does not take what the event gives.
// Expect: no matching (member )?function
#include "TalkFaceComponent.h"

class UHandlerSignature : public UObject {
 public:
#ifdef WRONG
  void OnFinished();
#else
  void OnFinished(bool bInterrupted);
#endif
};

void HandlerSignature(UTalkFaceComponent& Component, UHandlerSignature* Handler) {
  Component.OnFinished.AddDynamic(Handler, &UHandlerSignature::OnFinished);
}
