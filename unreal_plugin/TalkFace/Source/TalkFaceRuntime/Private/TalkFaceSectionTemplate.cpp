#include "TalkFaceSectionTemplate.h"

#include "Evaluation/MovieSceneExecutionTokens.h"
#include "Evaluation/MovieScenePlayback.h"
#include "Evaluation/PersistentEvaluationData.h"
#include "GameFramework/Actor.h"
#include "IMovieScenePlayer.h"
#include "TalkFaceComponent.h"
#include "TalkFaceSection.h"

namespace
{
/** Components that show the section, to be given back at its end. */
struct FTalkFaceShown : public IPersistentEvaluationData
{
	TArray<TWeakObjectPtr<UTalkFaceComponent>> Components;
};

UTalkFaceComponent* FindTalking(UObject* Bound)
{
	AActor* Actor = Cast<AActor>(Bound);
	return Actor != nullptr ? Actor->FindComponentByClass<UTalkFaceComponent>() : Cast<UTalkFaceComponent>(Bound);
}

struct FTalkFaceToken : public IMovieSceneExecutionToken
{
	FTalkFaceToken(const talkface_pose& InPose, float InWeight)
		: Pose(InPose)
		, Weight(InWeight)
	{
	}

	virtual void Execute(const FMovieSceneContext&, const FMovieSceneEvaluationOperand& Operand,
		FPersistentEvaluationData& PersistentData, IMovieScenePlayer& Player) override
	{
		FTalkFaceShown& Shown = PersistentData.GetOrAddSectionData<FTalkFaceShown>();
		for (const TWeakObjectPtr<>& Bound : Player.FindBoundObjects(Operand))
		{
			if (UTalkFaceComponent* Talking = FindTalking(Bound.Get()))
			{
				Talking->ShowPose(Pose, Weight);
				Shown.Components.AddUnique(Talking);
			}
		}
	}

	talkface_pose Pose;
	float Weight;
};
}

FTalkFaceSectionTemplate::FTalkFaceSectionTemplate(const UTalkFaceSection& InSection)
	: Section(&InSection)
{
}

void FTalkFaceSectionTemplate::Evaluate(const FMovieSceneEvaluationOperand&, const FMovieSceneContext& Context,
	const FPersistentEvaluationData&, FMovieSceneExecutionTokens& Tokens) const
{
	if (Section == nullptr)
	{
		return;
	}
	talkface_pose Pose = talkface_pose_init();
	if (Section->Clip.Sample(Section->TimeInClip(Context.GetTime()) / Context.GetFrameRate(), Pose))
	{
		Tokens.Add(FTalkFaceToken(Pose, Section->Weight));
	}
}

void FTalkFaceSectionTemplate::TearDown(FPersistentEvaluationData& PersistentData, IMovieScenePlayer&) const
{
	if (const FTalkFaceShown* Shown = PersistentData.FindSectionData<FTalkFaceShown>())
	{
		for (const TWeakObjectPtr<UTalkFaceComponent>& Component : Shown->Components)
		{
			if (UTalkFaceComponent* Talking = Component.Get())
			{
				Talking->ShowPose(talkface_pose_init(), 0.0f);
			}
		}
	}
}
