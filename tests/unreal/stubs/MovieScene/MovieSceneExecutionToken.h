#pragma once

#include "Evaluation/MovieSceneEvaluationOperand.h"

class IMovieScenePlayer;
struct FMovieSceneContext;
struct FPersistentEvaluationData;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/IMovieSceneExecutionToken
struct IMovieSceneExecutionToken {
  virtual ~IMovieSceneExecutionToken();
  virtual void Execute(const FMovieSceneContext& Context,
                       const FMovieSceneEvaluationOperand& Operand,
                       FPersistentEvaluationData& PersistentData, IMovieScenePlayer& Player) = 0;
};
