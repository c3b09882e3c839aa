// Wrong: moving out of what is const copies it instead.
// Expect: MoveTemp called on a const object
#include "CoreMinimal.h"

int32 MoveOfConst() {
#ifdef WRONG
  const TArray<float> Points;
#else
  TArray<float> Points;
#endif
  TArray<float> Taken = MoveTemp(Points);
  return Taken.Num();
}
