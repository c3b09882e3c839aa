// Wrong: Live Link takes static data over; it cannot be copied.
// Expect: cannot bind rvalue reference|expects an rvalue|no known conversion|cannot bind
#include "ILiveLinkClient.h"
#include "Roles/LiveLinkBasicRole.h"

void StaticDataMoved(ILiveLinkClient& Client, const FLiveLinkSubjectKey& Key) {
  FLiveLinkStaticDataStruct Static(FLiveLinkBaseStaticData::StaticStruct());
#ifdef WRONG
  Client.PushSubjectStaticData_AnyThread(Key, ULiveLinkBasicRole::StaticClass(), Static);
#else
  Client.PushSubjectStaticData_AnyThread(Key, ULiveLinkBasicRole::StaticClass(), MoveTemp(Static));
#endif
}
