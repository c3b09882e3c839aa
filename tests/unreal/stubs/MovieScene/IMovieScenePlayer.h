#pragma once

#include "Evaluation/MovieSceneEvaluationOperand.h"
#include "UObject/WeakObjectPtrTemplates.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/IMovieScenePlayer
class IMovieScenePlayer {
 public:
  TArrayView<TWeakObjectPtr<>> FindBoundObjects(const FMovieSceneEvaluationOperand& Operand);
};
