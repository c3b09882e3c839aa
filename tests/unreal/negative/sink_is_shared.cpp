// Wrong: a sink that nobody keeps alive.
// Expect: could not bind|could not convert|invalid initialization
#include "TalkFacePoseSink.h"

void SinkIsShared(const TSharedRef<ITalkFacePoseSink>& Sink) {
#ifdef WRONG
  TalkFace::AddPoseSink(&Sink.Get());
#else
  TalkFace::AddPoseSink(Sink);
#endif
}
