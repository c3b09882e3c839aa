#pragma once

#include "Misc/FrameRate.h"
#include "Misc/Optional.h"
#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/TRange
template <typename T>
struct TRange {
  TRange();
  TRange(T Lower, T Upper);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/UMovieSceneSection
class UMovieSceneSection : public UObject {
 public:
  static UClass* StaticClass();
  UMovieSceneSection(const FObjectInitializer& Initializer);
  void SetRange(const TRange<FFrameNumber>& Range);
  FFrameNumber GetInclusiveStartFrame() const;
  bool TryModify(bool bAlwaysMarkDirty = true);
  virtual void TrimSection(FQualifiedFrameTime TrimTime, bool bTrimLeft, bool bDeleteKeys);
  virtual TOptional<FFrameTime> GetOffsetTime() const;
  virtual void MigrateFrameTimes(FFrameRate SourceRate, FFrameRate DestinationRate);
};
