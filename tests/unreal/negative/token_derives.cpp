// Wrong: a token that the sequencer cannot execute.
// Expect: no matching (member )?function
#include "Evaluation/MovieSceneExecutionTokens.h"

#ifdef WRONG
struct FTokenDerives {
#else
struct FTokenDerives : IMovieSceneExecutionToken {
#endif
  virtual void Execute(const FMovieSceneContext&, const FMovieSceneEvaluationOperand&,
                       FPersistentEvaluationData&, IMovieScenePlayer&) {}
};

void TokenDerives(FMovieSceneExecutionTokens& Tokens) { Tokens.Add(FTokenDerives()); }
