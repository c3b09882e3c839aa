#include "TalkFaceTrack.h"

#include "TalkFaceSection.h"
#include "TalkFaceSectionTemplate.h"
#include "Templates/Casts.h"

#define LOCTEXT_NAMESPACE "TalkFaceTrack"

UTalkFaceTrack::UTalkFaceTrack(const FObjectInitializer& Initializer)
	: Super(Initializer)
{
}

FMovieSceneEvalTemplatePtr UTalkFaceTrack::CreateTemplateForSection(const UMovieSceneSection& Section) const
{
	return FTalkFaceSectionTemplate(*CastChecked<const UTalkFaceSection>(&Section));
}

bool UTalkFaceTrack::SupportsType(TSubclassOf<UMovieSceneSection> SectionClass) const
{
	return SectionClass == UTalkFaceSection::StaticClass();
}

UMovieSceneSection* UTalkFaceTrack::CreateNewSection()
{
	return NewObject<UTalkFaceSection>(this, NAME_None, RF_Transactional);
}

void UTalkFaceTrack::AddSection(UMovieSceneSection& Section)
{
	Sections.Add(&Section);
}

void UTalkFaceTrack::RemoveSection(UMovieSceneSection& Section)
{
	Sections.Remove(&Section);
}

void UTalkFaceTrack::RemoveSectionAt(int32 Index)
{
	Sections.RemoveAt(Index);
}

void UTalkFaceTrack::RemoveAllAnimationData()
{
	Sections.Empty();
}

bool UTalkFaceTrack::HasSection(const UMovieSceneSection& Section) const
{
	return Sections.ContainsByPredicate(
		[&Section](const TObjectPtr<UMovieSceneSection>& Each) { return Each.Get() == &Section; });
}

bool UTalkFaceTrack::IsEmpty() const
{
	return Sections.IsEmpty();
}

const TArray<UMovieSceneSection*>& UTalkFaceTrack::GetAllSections() const
{
	return ObjectPtrDecay(Sections);
}

#if WITH_EDITORONLY_DATA
FText UTalkFaceTrack::GetDefaultDisplayName() const
{
	return LOCTEXT("Track", "TalkFace");
}
#endif

#undef LOCTEXT_NAMESPACE
