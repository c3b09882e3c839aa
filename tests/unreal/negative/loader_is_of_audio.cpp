// Wrong: the loader is in the namespace Audio.
// Expect: FSoundWavePCMLoader
#include "Sound/SampleBufferIO.h"

void LoaderOfAudio() {
#ifdef WRONG
  FSoundWavePCMLoader Loader;
#else
  Audio::FSoundWavePCMLoader Loader;
#endif
  Loader.Update();
}
