// Wrong: static data read as frame data.
// Expect: no matching (member )?function
#include "LiveLinkTypes.h"

void FrameDataType(FLiveLinkStaticDataStruct& Static) {
#ifdef WRONG
  Static.Cast<FLiveLinkBaseFrameData>();
#else
  Static.Cast<FLiveLinkBaseStaticData>();
#endif
}
