#pragma once

#include "CoreMinimal.h"
#include "ISequencerSection.h"
#include "Misc/EngineVersionComparison.h"
#include "MovieSceneTrackEditor.h"
#include "UObject/WeakObjectPtrTemplates.h"

class UTalkFaceSection;

/** "TalkFace" in the + menu of an actor's binding. */
class FTalkFaceTrackEditor : public FMovieSceneTrackEditor
{
public:
	explicit FTalkFaceTrackEditor(TSharedRef<ISequencer> InSequencer);

	static TSharedRef<ISequencerTrackEditor> Create(TSharedRef<ISequencer> InSequencer);

#if !UE_VERSION_OLDER_THAN(5, 6, 0)
	virtual FText GetDisplayName() const override;
#endif
	virtual void BuildObjectBindingTrackMenu(
		FMenuBuilder& Menu, const TArray<FGuid>& Bindings, const UClass* ObjectClass) override;
	virtual bool SupportsType(TSubclassOf<UMovieSceneTrack> Type) const override;
	virtual TSharedRef<ISequencerSection> MakeSectionInterface(
		UMovieSceneSection& Section, UMovieSceneTrack& Track, FGuid Binding) override;

private:
	void AddTrack(TArray<FGuid> Bindings);
};

/** A section with its sound's name, and "Bake face" in its menu. */
class FTalkFaceSectionInterface : public FSequencerSection
{
public:
	explicit FTalkFaceSectionInterface(UMovieSceneSection& InSection);

	virtual FText GetSectionTitle() const override;
	virtual void BuildSectionContextMenu(FMenuBuilder& Menu, const FGuid& Binding) override;
	virtual void ResizeSection(ESequencerSectionResizeMode Edge, FFrameNumber Frame) override;

private:
	TWeakObjectPtr<UTalkFaceSection> Section;
};
