#pragma once

#include "MovieSceneTrack.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/UMovieSceneNameableTrack
class UMovieSceneNameableTrack : public UMovieSceneTrack {
 public:
  static UClass* StaticClass();
  UMovieSceneNameableTrack(const FObjectInitializer& Initializer);
#if WITH_EDITORONLY_DATA
  virtual FText GetDefaultDisplayName() const;
#endif
};
