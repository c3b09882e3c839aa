#pragma once

#include "ISequencer.h"
#include "ISequencerSection.h"
#include "Misc/EngineVersionComparison.h"

class FMenuBuilder;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/Sequencer/ISequencerTrackEditor
class ISequencerTrackEditor {
 public:
  virtual ~ISequencerTrackEditor();
#if !UE_VERSION_OLDER_THAN(5, 6, 0)
  virtual FText GetDisplayName() const = 0;
#endif
  virtual void BuildObjectBindingTrackMenu(FMenuBuilder& Menu, const TArray<FGuid>& Bindings,
                                           const UClass* ObjectClass) = 0;
  virtual bool SupportsType(TSubclassOf<UMovieSceneTrack> Type) const = 0;
  virtual TSharedRef<ISequencerSection> MakeSectionInterface(UMovieSceneSection& Section,
                                                             UMovieSceneTrack& Track,
                                                             FGuid Binding) = 0;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/Sequencer/FMovieSceneTrackEditor
class FMovieSceneTrackEditor : public TSharedFromThis<FMovieSceneTrackEditor>,
                               public ISequencerTrackEditor {
 public:
  FMovieSceneTrackEditor(TSharedRef<ISequencer> Sequencer);
  struct FFindOrCreateTrackResult {
    UMovieSceneTrack* Track;
    bool bWasCreated;
  };
  UMovieScene* GetFocusedMovieScene() const;
  const TSharedPtr<ISequencer> GetSequencer() const;
  FFindOrCreateTrackResult FindOrCreateTrackForObject(const FGuid& Object,
                                                      TSubclassOf<UMovieSceneTrack> Class,
                                                      FName Property = FName(),
                                                      bool bCreate = true);
  FFrameNumber GetTimeForKey();
  TSharedRef<ISequencerSection> MakeSectionInterface(UMovieSceneSection& Section,
                                                     UMovieSceneTrack& Track,
                                                     FGuid Binding) override;
  void BuildObjectBindingTrackMenu(FMenuBuilder& Menu, const TArray<FGuid>& Bindings,
                                   const UClass* ObjectClass) override;
};
