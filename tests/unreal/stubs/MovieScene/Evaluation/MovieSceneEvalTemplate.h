#pragma once

#include "IMovieScenePlayer.h"
#include "UObject/Class.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/IPersistentEvaluationData
struct IPersistentEvaluationData {
  virtual ~IPersistentEvaluationData();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/FPersistentEvaluationData
struct FPersistentEvaluationData {
  template <typename T>
  requires std::is_base_of_v<IPersistentEvaluationData, T> T& GetOrAddSectionData() {
    static T Made;
    return Made;
  }
  template <typename T>
  requires std::is_base_of_v<IPersistentEvaluationData, T> T* FindSectionData() const {
    return nullptr;
  }
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/FMovieSceneContext
struct FMovieSceneContext {
  FFrameTime GetTime() const;
  FFrameRate GetFrameRate() const;
  EMovieScenePlayerStatus::Type GetStatus() const;
  bool IsSilent() const;
  bool HasJumped() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/IMovieSceneExecutionToken
struct IMovieSceneExecutionToken {
  virtual ~IMovieSceneExecutionToken();
  virtual void Execute(const FMovieSceneContext& Context,
                       const FMovieSceneEvaluationOperand& Operand,
                       FPersistentEvaluationData& PersistentData, IMovieScenePlayer& Player) = 0;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/FMovieSceneExecutionTokens
struct FMovieSceneExecutionTokens {
  template <typename T>
  requires std::is_base_of_v<IMovieSceneExecutionToken, T>
  void Add(T&&) {}
};

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
