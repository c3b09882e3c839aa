#pragma once

#include "MovieScene.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/Sequencer/EMovieSceneDataChangeType
enum class EMovieSceneDataChangeType { TrackValueChanged, MovieSceneStructureItemAdded };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/Sequencer/ISequencer
class ISequencer {
 public:
  virtual void NotifyMovieSceneDataChanged(EMovieSceneDataChangeType Type) = 0;
};
