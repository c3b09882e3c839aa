#include "TalkFaceBaker.h"

#include "Animation/AnimData/IAnimationDataController.h"
#include "Animation/AnimSequence.h"
#include "Animation/Skeleton.h"
#include "AssetRegistry/AssetRegistryModule.h"
#include "AssetToolsModule.h"
#include "Misc/Paths.h"
#include "Misc/ScopedSlowTask.h"
#include "Modules/ModuleManager.h"
#include "ScopedTransaction.h"
#include "Sound/SoundWave.h"
#include "TalkFaceBakeSettings.h"
#include "TalkFaceCore/CurveReduction.h"
#include "TalkFaceCurveTable.h"
#include "TalkFaceLog.h"
#include "TalkFaceSection.h"
#include "UObject/Package.h"

#define LOCTEXT_NAMESPACE "TalkFaceBaker"

namespace
{
/** Frames a second of a section's clip; Sequencer interpolates between them. */
constexpr int32 SectionRate = 60;

UAnimSequence* NewSequence(const USoundWave& Wave)
{
	FString PackageName;
	FString AssetName;
	FModuleManager::LoadModuleChecked<FAssetToolsModule>(TEXT("AssetTools"))
		.Get()
		.CreateUniqueAssetName(Wave.GetOutermost()->GetName(), TEXT("_Face"), PackageName, AssetName);
	UPackage* Package = CreatePackage(*PackageName);
	return NewObject<UAnimSequence>(Package, FName(AssetName), RF_Public | RF_Standalone);
}

TArray<FRichCurveKey> MakeKeys(const std::vector<double>& Times, const std::vector<float>& Values, double Tolerance)
{
	TArray<FRichCurveKey> Keys;
	for (const std::size_t Index : TalkFaceCore::ReduceKeys(Times, Values, Tolerance))
	{
		FRichCurveKey Key(static_cast<float>(Times[Index]), Values[Index]);
		Key.InterpMode = RCIM_Linear;
		Keys.Add(Key);
	}
	return Keys;
}
}

TSharedPtr<FTalkFaceModel> FTalkFaceBaker::OpenModel(const UTalkFaceBundle* Bundle)
{
	const FTalkFaceBundleSource Source = Bundle != nullptr ? Bundle->GetSource() : FTalkFaceBundleSource::GetDefault();
	FString Error;
	TSharedPtr<FTalkFaceModel> Model = Source.Open(Error);
	if (!Model.IsValid())
	{
		UE_LOG(LogTalkFace, Error, TEXT("%s"), *Error);
	}
	return Model;
}

TalkFaceCore::BakeResult FTalkFaceBaker::BakeWave(const FTalkFaceModel& Model, const USoundWave& Wave,
	const FTalkFaceBakeSetup& Setup, std::vector<talkface_pose>& Out)
{
	FTalkFacePcm Audio;
	if (!TalkFace::ReadImported(Wave, Audio))
	{
		UE_LOG(
			LogTalkFace, Error, TEXT("%s holds no imported audio; import it again from its file"), *Wave.GetPathName());
		return TalkFaceCore::BakeResult::Failed;
	}
	FScopedSlowTask Task(1.0f, FText::Format(LOCTEXT("Baking", "TalkFace: {0}"), FText::FromString(Wave.GetName())));
	double Done = 0.0;
	const auto Progress = [&Task, &Done](double Share)
	{
		Task.EnterProgressFrame(static_cast<float>(Share - Done));
		Done = Share;
		return !Task.ShouldCancel();
	};
	FString Error;
	const TalkFaceCore::BakeResult Result = TalkFace::Bake(Model, Audio, Setup, Progress, Out, Error);
	if (Result == TalkFaceCore::BakeResult::Failed)
	{
		UE_LOG(LogTalkFace, Error, TEXT("%s: %s"), *Wave.GetPathName(), *Error);
	}
	return Result;
}

TArray<UAnimSequence*> FTalkFaceBaker::BakeSounds(
	const TArray<USoundWave*>& Sounds, const UTalkFaceBakeSettings& Settings)
{
	TArray<UAnimSequence*> Made;
	if (Settings.Skeleton.LoadSynchronous() == nullptr)
	{
		UE_LOG(LogTalkFace, Error, TEXT("no skeleton to bake for; choose one in Editor Preferences, TalkFace Bake"));
		return Made;
	}
	const TSharedPtr<FTalkFaceModel> Model = OpenModel(Settings.Bundle.LoadSynchronous());
	if (!Model.IsValid())
	{
		return Made;
	}
	FTalkFaceBakeSetup Setup;
	Setup.FrameRate = FFrameRate(static_cast<uint32>(Settings.FrameRate), 1);
	Setup.Knobs = Settings.Knobs;
	Setup.Emotion = Settings.Emotion;
	FScopedSlowTask Task(static_cast<float>(Sounds.Num()), LOCTEXT("Batch", "Baking TalkFace animations"));
	Task.MakeDialog(true);
	for (const USoundWave* Wave : Sounds)
	{
		Task.EnterProgressFrame(1.0f);
		std::vector<talkface_pose> Poses;
		const TalkFaceCore::BakeResult Result = BakeWave(*Model, *Wave, Setup, Poses);
		if (Result == TalkFaceCore::BakeResult::Cancelled || Task.ShouldCancel())
		{
			break;
		}
		if (Result == TalkFaceCore::BakeResult::Done && !Poses.empty())
		{
			Made.Add(MakeSequence(*Wave, Poses, Settings));
		}
	}
	UE_LOG(LogTalkFace, Log, TEXT("%d of %d animations baked"), Made.Num(), Sounds.Num());
	return Made;
}

UAnimSequence* FTalkFaceBaker::MakeSequence(
	const USoundWave& Wave, const std::vector<talkface_pose>& Poses, const UTalkFaceBakeSettings& Settings)
{
	const FTalkFaceCurveTable Table(Settings.Curves, Settings.MouthClose, Poses);
	UAnimSequence* Sequence = NewSequence(Wave);
	Sequence->SetSkeleton(Settings.Skeleton.Get());
	IAnimationDataController& Controller = Sequence->GetController();
	Controller.InitializeModel();
	{
		const IAnimationDataController::FScopedBracket Bracket(
			Controller, LOCTEXT("Bracket", "Bake TalkFace animation"));
		Controller.SetFrameRate(FFrameRate(static_cast<uint32>(Settings.FrameRate), 1));
		Controller.SetNumberOfFrames(FFrameNumber(FMath::Max(1, static_cast<int32>(Poses.size()) - 1)));
		std::vector<double> Times;
		for (std::size_t Frame = 0; Frame < Poses.size(); ++Frame)
		{
			Times.push_back(static_cast<double>(Frame) / Settings.FrameRate);
		}
		for (int32 Curve = 0; Curve < Table.Num(); ++Curve)
		{
			const FAnimationCurveIdentifier Id(Table.GetName(Curve), ERawCurveTrackTypes::RCT_Float);
			Controller.AddCurve(Id);
			Controller.SetCurveKeys(
				Id, MakeKeys(Times, Table.GetValues(Curve), static_cast<double>(Settings.Tolerance)));
		}
		Controller.NotifyPopulated();
	}
	FAssetRegistryModule::AssetCreated(Sequence);
	Sequence->MarkPackageDirty();
	return Sequence;
}

bool FTalkFaceBaker::BakeSection(UTalkFaceSection& Section)
{
	if (Section.Sound == nullptr)
	{
		UE_LOG(LogTalkFace, Warning, TEXT("the TalkFace section has no sound; choose one in its details"));
		return false;
	}
	const TSharedPtr<FTalkFaceModel> Model = OpenModel(Section.Bundle);
	if (!Model.IsValid())
	{
		return false;
	}
	FTalkFaceBakeSetup Setup;
	Setup.FrameRate = FFrameRate(SectionRate, 1);
	Setup.Knobs = Section.Knobs;
	Setup.Emotion = Section.Emotion;
	std::vector<talkface_pose> Poses;
	FScopedSlowTask Task(1.0f, LOCTEXT("Section", "Baking a TalkFace section"));
	Task.MakeDialog(true);
	Task.EnterProgressFrame(1.0f);
	if (BakeWave(*Model, *Section.Sound, Setup, Poses) != TalkFaceCore::BakeResult::Done)
	{
		return false;
	}
	const FScopedTransaction Transaction(LOCTEXT("BakeSection", "Bake TalkFace section"));
	Section.Modify();
	Section.Clip.Set(Poses, SectionRate);
	return true;
}

#undef LOCTEXT_NAMESPACE
