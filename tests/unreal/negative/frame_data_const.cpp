// Wrong: writing to frame data that was given for reading.
// Expect: passing .*const.* as .this. argument|no matching member function|no viable|discards
// qualifiers
#include "LiveLinkTypes.h"

void FrameDataConst(const FLiveLinkFrameDataStruct& Frame) {
  const FLiveLinkBaseFrameData* Data = Frame.Cast<FLiveLinkBaseFrameData>();
#ifdef WRONG
  Data->PropertyValues.Add(1.0f);
#else
  Data->PropertyValues.Num();
#endif
}
