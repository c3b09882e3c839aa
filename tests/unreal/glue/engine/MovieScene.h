// As much of Sequencer as a section needs to be trimmed and played.
#pragma once

#include <optional>

#include "Game.h"

struct FFrameNumber {
  FFrameNumber(int32 InValue = 0) : Value(InValue) {}
  FFrameNumber operator+(FFrameNumber Other) const { return Value + Other.Value; }
  FFrameNumber operator-(FFrameNumber Other) const { return Value - Other.Value; }
  bool operator<(FFrameNumber Other) const { return Value < Other.Value; }
  bool operator==(FFrameNumber Other) const { return Value == Other.Value; }
  int32 Value;
};
struct FFrameTime {
  FFrameTime(FFrameNumber Number) : FrameNumber(Number) {}
  FFrameTime operator-(const FFrameTime& Other) const { return FrameNumber - Other.FrameNumber; }
  FFrameNumber RoundToFrame() const { return FrameNumber; }
  FFrameNumber FrameNumber;
};
struct FFrameRate {
  double Rate = 1.0;
};
inline double operator/(FFrameTime Time, FFrameRate Rate) {
  return Time.FrameNumber.Value / Rate.Rate;
}
inline FFrameTime ConvertFrameTime(FFrameTime Time, FFrameRate From, FFrameRate To) {
  return FFrameNumber(static_cast<int32>(Time / From * To.Rate));
}
struct FQualifiedFrameTime {
  FFrameTime Time;
};
template <typename T>
using TOptional = std::optional<T>;

struct FObjectInitializer {};
class UMovieSceneSection : public UObject {
 public:
  using Super = UMovieSceneSection;
  explicit UMovieSceneSection(const FObjectInitializer&) {}
  FFrameNumber GetInclusiveStartFrame() const { return Start; }
  bool TryModify() { return !bLocked; }
  virtual void TrimSection(FQualifiedFrameTime Time, bool bTrimLeft, bool) {
    (bTrimLeft ? Start : End) = Time.Time.FrameNumber;
  }
  virtual TOptional<FFrameTime> GetOffsetTime() const { return {}; }
  virtual void MigrateFrameTimes(FFrameRate, FFrameRate) {}
  FFrameNumber Start;
  FFrameNumber End;
  bool bLocked = false;
};

struct UScriptStruct {};
struct FMovieSceneEvaluationOperand {};
struct FMovieSceneContext {
  FFrameTime GetTime() const { return Time; }
  FFrameRate GetFrameRate() const { return Rate; }
  FFrameNumber Time;
  FFrameRate Rate;
};
struct IPersistentEvaluationData {
  virtual ~IPersistentEvaluationData() = default;
};
struct FPersistentEvaluationData {
  template <typename T>
  T& GetOrAddSectionData() {
    if (Data == nullptr) Data = std::make_unique<T>();
    return static_cast<T&>(*Data);
  }
  template <typename T>
  T* FindSectionData() const {
    return static_cast<T*>(Data.get());
  }
  std::unique_ptr<IPersistentEvaluationData> Data;
};
struct IMovieScenePlayer {
  const TArray<TWeakObjectPtr<>>& FindBoundObjects(const FMovieSceneEvaluationOperand&) {
    return Bound;
  }
  TArray<TWeakObjectPtr<>> Bound;
};
struct IMovieSceneExecutionToken {
  virtual ~IMovieSceneExecutionToken() = default;
  virtual void Execute(const FMovieSceneContext&, const FMovieSceneEvaluationOperand&,
                       FPersistentEvaluationData&, IMovieScenePlayer&) = 0;
};
struct FMovieSceneExecutionTokens {
  template <typename T>
  void Add(T&& Token) {
    Tokens.push_back(std::make_unique<T>(std::move(Token)));
  }
  std::vector<std::unique_ptr<IMovieSceneExecutionToken>> Tokens;
};
struct FMovieSceneEvalTemplate {
  virtual ~FMovieSceneEvalTemplate() = default;
  virtual void Evaluate(const FMovieSceneEvaluationOperand&, const FMovieSceneContext&,
                        const FPersistentEvaluationData&, FMovieSceneExecutionTokens&) const = 0;
  virtual void SetupOverrides() = 0;
  virtual void TearDown(FPersistentEvaluationData&, IMovieScenePlayer&) const = 0;
  enum { RequiresTearDownFlag = 2 };
  void EnableOverrides(int) {}
  static UScriptStruct* StaticStruct() { return nullptr; }

 private:
  virtual UScriptStruct& GetScriptStructImpl() const = 0;
};
