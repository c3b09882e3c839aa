#pragma once

#include "Animation/AnimCurveTypes.h"
#include "Curves/RichCurve.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/IAnimationDataController
class IAnimationDataController {
 public:
  class FScopedBracket {
   public:
    FScopedBracket(IAnimationDataController& Controller, const FText& Description,
                   bool bShouldTransact = true);
    ~FScopedBracket();
  };
  void InitializeModel();
  virtual void SetFrameRate(FFrameRate Rate, bool bShouldTransact = true) = 0;
  virtual void SetNumberOfFrames(FFrameNumber Count, bool bShouldTransact = true) = 0;
  virtual bool AddCurve(const FAnimationCurveIdentifier& Id, int32 Flags = AACF_DefaultCurve,
                        bool bShouldTransact = true) = 0;
  virtual bool SetCurveKeys(const FAnimationCurveIdentifier& Id, const TArray<FRichCurveKey>& Keys,
                            bool bShouldTransact = true) = 0;
  virtual bool RemoveAllCurvesOfType(ERawCurveTrackTypes Type, bool bShouldTransact = true) = 0;
  virtual int32 AddBoneTrack(FName Bone, bool bShouldTransact = true) = 0;
  virtual void NotifyPopulated() = 0;
};
