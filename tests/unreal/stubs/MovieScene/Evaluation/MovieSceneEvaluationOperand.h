#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/FMovieSceneEvaluationOperand
struct FMovieSceneEvaluationOperand {
  FGuid ObjectBindingID;
};
