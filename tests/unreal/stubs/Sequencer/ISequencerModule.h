#pragma once

#include "Modules/ModuleInterface.h"
#include "MovieSceneTrackEditor.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/Sequencer/FOnCreateTrackEditor
using FOnCreateTrackEditor =
    TBaseDelegate<TSharedRef<ISequencerTrackEditor>, TSharedRef<ISequencer>>;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/Sequencer/ISequencerModule
class ISequencerModule : public IModuleInterface {
 public:
  virtual FDelegateHandle RegisterTrackEditor(FOnCreateTrackEditor Create) = 0;
  virtual void UnRegisterTrackEditor(FDelegateHandle Handle) = 0;
};
