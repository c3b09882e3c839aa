// Wrong: a Live Link source whose shutdown says nothing.
// Expect: conflicting return type|different return type
#include "TalkFaceLiveLinkSource.h"

class FSourceOverride : public FTalkFaceLiveLinkSource {
 public:
#ifdef WRONG
  virtual void RequestSourceShutdown() override;
#else
  virtual bool RequestSourceShutdown() override;
#endif
};
