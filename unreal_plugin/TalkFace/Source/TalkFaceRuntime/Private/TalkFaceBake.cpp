#include "TalkFaceBake.h"

TalkFaceCore::BakeResult TalkFace::Bake(const FTalkFaceModel& Model, const FTalkFacePcm& Audio,
	const FTalkFaceBakeSetup& Setup, TFunctionRef<bool(double)> Progress, std::vector<talkface_pose>& Out,
	FString& OutError)
{
	if (!Audio.Check(OutError))
	{
		return TalkFaceCore::BakeResult::Failed;
	}
	TalkFaceCore::BakeOptions Options;
	Options.SampleRate = static_cast<uint32_t>(Audio.SampleRate);
	Options.Channels = static_cast<uint32_t>(Audio.Channels);
	Options.FrameRateNum = static_cast<uint32_t>(Setup.FrameRate.Numerator);
	Options.FrameRateDen = static_cast<uint32_t>(Setup.FrameRate.Denominator);
	Options.Seed = static_cast<uint64_t>(Setup.Seed);
	Options.Style = TCHAR_TO_UTF8(*Setup.Style);
	float Shares[TALKFACE_EMOTION_COUNT];
	Setup.Emotion.ToShares(Shares);
	for (std::size_t Index = 0; Index < Options.Emotion.size(); ++Index)
	{
		Options.Emotion[Index] = Shares[Index];
	}
	Options.EmotionWeight = FMath::Clamp(Setup.Emotion.Weight, 0.0f, 1.0f);
	Setup.Knobs.ForEach([&Options](const char* Name, float Value) { Options.Knobs.push_back({Name, Value}); });
	Options.User = &Progress;
	Options.Progress = [](void* User, double Share)
	{ return (*static_cast<TFunctionRef<bool(double)>*>(User))(Share); };
	talkface_error Error = talkface_error_init();
	const TalkFaceCore::BakeResult Result = TalkFaceCore::Bake(
		Model.Get(), Audio.Samples.GetData(), static_cast<uint64_t>(Audio.GetFrames()), Options, Out, &Error);
	if (Result == TalkFaceCore::BakeResult::Failed)
	{
		OutError = UTF8_TO_TCHAR(Error.message[0] != '\0' ? Error.message : talkface_status_name(Error.status));
	}
	return Result;
}
