#pragma once

#include "MovieScene.h"
#include "UObject/WeakObjectPtrTemplates.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/EMovieScenePlayerStatus__Type
namespace EMovieScenePlayerStatus {
enum Type { Stopped, Playing, Scrubbing, Jumping, Stepping, Paused };
}

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/FMovieSceneEvaluationOperand
struct FMovieSceneEvaluationOperand {
  FGuid ObjectBindingID;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/IMovieScenePlayer
class IMovieScenePlayer {
 public:
  TArray<TWeakObjectPtr<>> FindBoundObjects(const FMovieSceneEvaluationOperand& Operand);
};
