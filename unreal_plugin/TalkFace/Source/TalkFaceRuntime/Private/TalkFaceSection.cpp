#include "TalkFaceSection.h"

#include "Sound/SoundWave.h"
#include "TalkFaceBundle.h"
#include "UObject/UnrealType.h"

namespace
{
constexpr int32 ValuesOfFrame = TALKFACE_CHANNEL_COUNT + 7;

TalkFaceCore::Face FaceAt(const float* Values)
{
	TalkFaceCore::Face Face;
	for (int32 Index = 0; Index < TALKFACE_CHANNEL_COUNT; ++Index)
	{
		Face.Weights[Index] = Values[Index];
	}
	const float* Head = Values + TALKFACE_CHANNEL_COUNT;
	Face.HeadRotation = {Head[0], Head[1], Head[2], Head[3]};
	Face.HeadTranslation = {Head[4], Head[5], Head[6]};
	return Face;
}
}

void FTalkFaceClip::Set(const std::vector<talkface_pose>& Poses, int32 InFrameRate)
{
	FrameRate = InFrameRate;
	Values.Reset();
	Values.Reserve(static_cast<int32>(Poses.size()) * ValuesOfFrame);
	for (const talkface_pose& Pose : Poses)
	{
		Values.Append(Pose.weights, TALKFACE_CHANNEL_COUNT);
		Values.Append(Pose.head_rotation, 4);
		Values.Append(Pose.head_translation, 3);
	}
}

bool FTalkFaceClip::Sample(double Seconds, talkface_pose& OutPose) const
{
	const int32 Frames = Values.Num() / ValuesOfFrame;
	if (Frames == 0)
	{
		return false;
	}
	const double At = FMath::Clamp(Seconds * FrameRate, 0.0, static_cast<double>(Frames - 1));
	const int32 First = static_cast<int32>(At);
	const int32 Second = FMath::Min(First + 1, Frames - 1);
	TalkFaceCore::Face Face = FaceAt(Values.GetData() + First * ValuesOfFrame);
	TalkFaceCore::Layer Next;
	Next.Values = FaceAt(Values.GetData() + Second * ValuesOfFrame);
	Next.Weight = static_cast<float>(At - First);
	TalkFaceCore::ApplyLayer(Next, Face);
	OutPose = talkface_pose_init();
	TalkFace::SetFace(Face, OutPose);
	return true;
}

UTalkFaceSection::UTalkFaceSection(const FObjectInitializer& Initializer)
	: Super(Initializer)
{
}

FFrameNumber UTalkFaceSection::MoveStart(FFrameNumber Start)
{
	const FFrameNumber First = GetInclusiveStartFrame() - StartFrameOffset;
	const FFrameNumber Allowed = Start < First ? First : Start;
	StartFrameOffset = Allowed - First;
	return Allowed;
}

FFrameTime UTalkFaceSection::TimeInClip(FFrameTime Time) const
{
	return Time - FFrameTime(GetInclusiveStartFrame() - StartFrameOffset);
}

void UTalkFaceSection::TrimSection(FQualifiedFrameTime TrimTime, bool bTrimLeft, bool bDeleteKeys)
{
	SetFlags(RF_Transactional);
	if (!TryModify())
	{
		return;
	}
	if (bTrimLeft)
	{
		MoveStart(TrimTime.Time.FrameNumber);
	}
	Super::TrimSection(TrimTime, bTrimLeft, bDeleteKeys);
}

TOptional<FFrameTime> UTalkFaceSection::GetOffsetTime() const
{
	return TOptional<FFrameTime>(FFrameTime(StartFrameOffset));
}

void UTalkFaceSection::MigrateFrameTimes(FFrameRate SourceRate, FFrameRate DestinationRate)
{
	StartFrameOffset = ConvertFrameTime(FFrameTime(StartFrameOffset), SourceRate, DestinationRate).RoundToFrame();
}

#if WITH_EDITOR
void UTalkFaceSection::PostEditChangeProperty(FPropertyChangedEvent& Event)
{
	Super::PostEditChangeProperty(Event);
	if (Event.GetPropertyName() == GET_MEMBER_NAME_CHECKED(UTalkFaceSection, Sound))
	{
		Clip = FTalkFaceClip();
	}
}
#endif
