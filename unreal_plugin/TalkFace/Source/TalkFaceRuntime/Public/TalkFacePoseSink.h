#pragma once

#include "CoreMinimal.h"
#include "talkface/talkface.h"

/** Takes the poses of all published components, on the game thread: Live Link, recorders. */
class TALKFACERUNTIME_API ITalkFacePoseSink
{
public:
	virtual ~ITalkFacePoseSink() = default;

	/** Subject: the component's name for it. Seconds: FPlatformTime. */
	virtual void OnPose(FName Subject, const talkface_pose& Pose, double Seconds) = 0;

	/** The component is gone. */
	virtual void OnGone(FName Subject) = 0;
};

namespace TalkFace
{
/** [game] A sink gets poses until it is removed or dies. */
TALKFACERUNTIME_API void AddPoseSink(const TSharedRef<ITalkFacePoseSink>& Sink);
TALKFACERUNTIME_API void RemovePoseSink(const TSharedRef<ITalkFacePoseSink>& Sink);

/** [game] To every sink. */
TALKFACERUNTIME_API void PublishPose(FName Subject, const talkface_pose& Pose, double Seconds);
TALKFACERUNTIME_API void PublishGone(FName Subject);
}
