#pragma once

#include "Evaluation/MovieSceneEvalTemplate.h"

class UMovieSceneSection;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/IMovieSceneTrackTemplateProducer
class IMovieSceneTrackTemplateProducer {
 public:
  virtual ~IMovieSceneTrackTemplateProducer();
  virtual FMovieSceneEvalTemplatePtr CreateTemplateForSection(
      const UMovieSceneSection& Section) const = 0;
};
