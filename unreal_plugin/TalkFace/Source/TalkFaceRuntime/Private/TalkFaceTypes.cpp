#include "TalkFaceTypes.h"

#include "TalkFaceCore/Names.h"

void FTalkFaceEmotionMix::ToShares(float (&Out)[TALKFACE_EMOTION_COUNT]) const
{
	float Sum = 0.0f;
	for (float& Share : Out)
	{
		Share = 0.0f;
	}
	for (const TPair<ETalkFaceEmotion, float>& Entry : Shares)
	{
		const int32 Index = static_cast<int32>(Entry.Key);
		Out[Index] = FMath::Clamp(Entry.Value, 0.0f, 1.0f);
		Sum += Out[Index];
	}
	if (Sum > 1.0f)
	{
		for (float& Share : Out)
		{
			Share /= Sum * (1.0f + 1e-6f);
		}
	}
}

TalkFaceCore::Layer FTalkFaceLayer::ToCore(int32& OutUnmatched) const
{
	TalkFaceCore::Layer Made;
	Made.Regions = static_cast<uint32>(Regions);
	Made.Priority = Priority;
	Made.Mode = TalkFace::ToCore(Mode);
	Made.Weight = Weight;
	OutUnmatched = 0;
	for (const TPair<FName, float>& Entry : Weights)
	{
		const int32 Channel = TalkFaceCore::FindChannel(TCHAR_TO_UTF8(*Entry.Key.ToString()));
		if (Channel < 0)
		{
			++OutUnmatched;
			continue;
		}
		Made.Values.Weights[Channel] = Entry.Value;
	}
	return Made;
}

void TalkFace::SetFace(const TalkFaceCore::Face& Face, talkface_pose& OutPose)
{
	const TalkFaceCore::Quaternion& Turn = Face.HeadRotation;
	const TalkFaceCore::Vector3& Moved = Face.HeadTranslation;
	const double Rotation[] = {Turn.X, Turn.Y, Turn.Z, Turn.W};
	const double Translation[] = {Moved.X, Moved.Y, Moved.Z};
	for (int32 Index = 0; Index < TALKFACE_CHANNEL_COUNT; ++Index)
	{
		OutPose.weights[Index] = Face.Weights[Index];
	}
	for (int32 Index = 0; Index < 4; ++Index)
	{
		OutPose.head_rotation[Index] = static_cast<float>(Rotation[Index]);
	}
	for (int32 Index = 0; Index < 3; ++Index)
	{
		OutPose.head_translation[Index] = static_cast<float>(Translation[Index]);
	}
}
