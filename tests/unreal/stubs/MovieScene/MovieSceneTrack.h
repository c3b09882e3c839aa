#pragma once

#include "MovieSceneSection.h"
#include "Templates/SubclassOf.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/UMovieSceneTrack
class UMovieSceneTrack : public UObject {
 public:
  static UClass* StaticClass();
  UMovieSceneTrack(const FObjectInitializer& Initializer);
  virtual bool SupportsType(TSubclassOf<UMovieSceneSection> SectionClass) const = 0;
  virtual UMovieSceneSection* CreateNewSection() = 0;
  virtual void AddSection(UMovieSceneSection& Section) = 0;
  virtual void RemoveSection(UMovieSceneSection& Section) = 0;
  virtual void RemoveSectionAt(int32 SectionIndex) = 0;
  virtual void RemoveAllAnimationData();
  virtual bool HasSection(const UMovieSceneSection& Section) const = 0;
  virtual bool IsEmpty() const = 0;
  virtual bool SupportsMultipleRows() const;
  virtual const TArray<UMovieSceneSection*>& GetAllSections() const = 0;
  virtual FName GetTrackName() const;
};
