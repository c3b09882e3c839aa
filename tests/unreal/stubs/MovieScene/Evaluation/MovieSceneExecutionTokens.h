#pragma once

#include "MovieSceneExecutionToken.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/FMovieSceneExecutionTokens
struct FMovieSceneExecutionTokens {
  template <typename T>
  requires std::is_base_of_v<IMovieSceneExecutionToken, T>
  void Add(T&&) {}
};
