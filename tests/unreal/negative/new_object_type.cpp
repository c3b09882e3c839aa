// Wrong: NewObject of what is no object.
// Expect: no matching function
#include "TalkFaceBundle.h"
#include "TalkFaceSound.h"

void NewObjectType() {
#ifdef WRONG
  NewObject<FTalkFacePcm>();
#else
  NewObject<UTalkFaceBundle>();
#endif
}
