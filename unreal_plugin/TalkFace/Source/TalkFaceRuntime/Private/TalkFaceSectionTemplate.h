#pragma once

#include "CoreMinimal.h"
#include "Evaluation/MovieSceneEvalTemplate.h"
#include "TalkFaceSectionTemplate.generated.h"

class UTalkFaceSection;

/** What a section does while a sequence plays. */
USTRUCT()
struct FTalkFaceSectionTemplate : public FMovieSceneEvalTemplate
{
	GENERATED_BODY()

	FTalkFaceSectionTemplate() = default;
	explicit FTalkFaceSectionTemplate(const UTalkFaceSection& InSection);

	virtual void Evaluate(const FMovieSceneEvaluationOperand& Operand, const FMovieSceneContext& Context,
		const FPersistentEvaluationData& PersistentData, FMovieSceneExecutionTokens& Tokens) const override;
	virtual void SetupOverrides() override { EnableOverrides(RequiresTearDownFlag); }
	virtual void TearDown(FPersistentEvaluationData& PersistentData, IMovieScenePlayer& Player) const override;

private:
	virtual UScriptStruct& GetScriptStructImpl() const override { return *StaticStruct(); }

	UPROPERTY()
	TObjectPtr<const UTalkFaceSection> Section;
};
