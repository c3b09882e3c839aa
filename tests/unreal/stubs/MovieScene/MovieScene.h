#pragma once

#include "MovieSceneTrack.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/UMovieScene
class UMovieScene : public UObject {
 public:
  static UClass* StaticClass();
  FFrameRate GetTickResolution() const;
  bool IsReadOnly() const;
};
