#pragma once

#include "Misc/FrameRate.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/FMovieSceneContext
struct FMovieSceneContext {
  FFrameTime GetTime() const;
  FFrameRate GetFrameRate() const;
};
