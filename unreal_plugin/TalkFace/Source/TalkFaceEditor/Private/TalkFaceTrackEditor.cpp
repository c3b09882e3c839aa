#include "TalkFaceTrackEditor.h"

#include "Framework/MultiBox/MultiBoxBuilder.h"
#include "GameFramework/Actor.h"
#include "MovieScene.h"
#include "ScopedTransaction.h"
#include "Sound/SoundWave.h"
#include "TalkFaceBaker.h"
#include "TalkFaceComponent.h"
#include "TalkFaceSection.h"
#include "TalkFaceTrack.h"

#define LOCTEXT_NAMESPACE "TalkFaceTrackEditor"

namespace
{
/** Of a new section, until it is baked or drawn out. */
constexpr double NewSectionSeconds = 5.0;
}

FTalkFaceTrackEditor::FTalkFaceTrackEditor(TSharedRef<ISequencer> InSequencer)
	: FMovieSceneTrackEditor(InSequencer)
{
}

TSharedRef<ISequencerTrackEditor> FTalkFaceTrackEditor::Create(TSharedRef<ISequencer> InSequencer)
{
	return MakeShared<FTalkFaceTrackEditor>(InSequencer);
}

#if !UE_VERSION_OLDER_THAN(5, 6, 0)
FText FTalkFaceTrackEditor::GetDisplayName() const
{
	return LOCTEXT("DisplayName", "TalkFace");
}
#endif

void FTalkFaceTrackEditor::BuildObjectBindingTrackMenu(
	FMenuBuilder& Menu, const TArray<FGuid>& Bindings, const UClass* ObjectClass)
{
	if (ObjectClass != nullptr &&
		(ObjectClass->IsChildOf(AActor::StaticClass()) || ObjectClass->IsChildOf(UTalkFaceComponent::StaticClass())))
	{
		Menu.AddMenuEntry(LOCTEXT("Add", "TalkFace"),
			LOCTEXT("AddTip", "Speech of this actor's TalkFace component, baked from a sound."), FSlateIcon(),
			FUIAction(FExecuteAction::CreateSP(this, &FTalkFaceTrackEditor::AddTrack, Bindings)));
	}
}

void FTalkFaceTrackEditor::AddTrack(TArray<FGuid> Bindings)
{
	UMovieScene* Scene = GetFocusedMovieScene();
	if (Scene == nullptr || Scene->IsReadOnly())
	{
		return;
	}
	const FScopedTransaction Transaction(LOCTEXT("AddTrack", "Add TalkFace track"));
	Scene->Modify();
	for (const FGuid& Binding : Bindings)
	{
		UMovieSceneTrack* Track = FindOrCreateTrackForObject(Binding, UTalkFaceTrack::StaticClass()).Track;
		if (Track == nullptr)
		{
			continue;
		}
		Track->Modify();
		UMovieSceneSection* Section = Track->CreateNewSection();
		const FFrameNumber Start = GetTimeForKey();
		const FFrameNumber Length = (NewSectionSeconds * Scene->GetTickResolution()).FloorToFrame();
		Section->SetRange(TRange<FFrameNumber>(Start, Start + Length));
		Track->AddSection(*Section);
	}
	GetSequencer()->NotifyMovieSceneDataChanged(EMovieSceneDataChangeType::MovieSceneStructureItemAdded);
}

bool FTalkFaceTrackEditor::SupportsType(TSubclassOf<UMovieSceneTrack> Type) const
{
	return Type == UTalkFaceTrack::StaticClass();
}

TSharedRef<ISequencerSection> FTalkFaceTrackEditor::MakeSectionInterface(
	UMovieSceneSection& Section, UMovieSceneTrack&, FGuid)
{
	return MakeShared<FTalkFaceSectionInterface>(Section);
}

FTalkFaceSectionInterface::FTalkFaceSectionInterface(UMovieSceneSection& InSection)
	: FSequencerSection(InSection)
	, Section(Cast<UTalkFaceSection>(&InSection))
{
}

FText FTalkFaceSectionInterface::GetSectionTitle() const
{
	const UTalkFaceSection* Shown = Section.Get();
	if (Shown == nullptr || Shown->Sound == nullptr)
	{
		return LOCTEXT("NoSound", "no sound");
	}
	const FText Name = FText::FromString(Shown->Sound->GetName());
	return Shown->Clip.IsEmpty() ? FText::Format(LOCTEXT("NotBaked", "{0} (not baked)"), Name) : Name;
}

void FTalkFaceSectionInterface::BuildSectionContextMenu(FMenuBuilder& Menu, const FGuid&)
{
	Menu.AddMenuEntry(LOCTEXT("Bake", "Bake face"), LOCTEXT("BakeTip", "Make the face of the section's sound anew."),
		FSlateIcon(),
		FUIAction(FExecuteAction::CreateLambda(
			[Weak = Section]()
			{
				if (UTalkFaceSection* Baked = Weak.Get())
				{
					FTalkFaceBaker::BakeSection(*Baked);
				}
			})));
}

void FTalkFaceSectionInterface::ResizeSection(ESequencerSectionResizeMode Edge, FFrameNumber Frame)
{
	UTalkFaceSection* Resized = Section.Get();
	const bool bStart = Edge == SSRM_LeadingEdge && Resized != nullptr;
	FSequencerSection::ResizeSection(Edge, bStart ? Resized->MoveStart(Frame) : Frame);
}

#undef LOCTEXT_NAMESPACE
