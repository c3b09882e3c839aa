#pragma once

#include "Evaluation/MovieSceneEvaluationOperand.h"
#include "UObject/Class.h"

class IMovieScenePlayer;
struct FMovieSceneContext;
struct FMovieSceneExecutionTokens;
struct FPersistentEvaluationData;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/FMovieSceneEvalTemplate
struct FMovieSceneEvalTemplate {
  virtual ~FMovieSceneEvalTemplate();
  virtual void Evaluate(const FMovieSceneEvaluationOperand& Operand,
                        const FMovieSceneContext& Context,
                        const FPersistentEvaluationData& PersistentData,
                        FMovieSceneExecutionTokens& Tokens) const;
  virtual void SetupOverrides();
  virtual void TearDown(FPersistentEvaluationData& PersistentData, IMovieScenePlayer& Player) const;
  enum EOverrideMask : uint8 { RequiresSetupFlag = 1, RequiresTearDownFlag = 2 };
  void EnableOverrides(uint8 Flags);

 private:
  virtual UScriptStruct& GetScriptStructImpl() const = 0;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/FMovieSceneEvalTemplatePtr
struct FMovieSceneEvalTemplatePtr {
  FMovieSceneEvalTemplatePtr();
  template <typename T>
  requires std::is_base_of_v<FMovieSceneEvalTemplate, T> FMovieSceneEvalTemplatePtr(T&& Template);
};
