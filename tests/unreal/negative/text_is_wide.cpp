// Wrong: a narrow literal as engine text.
// Expect: cannot convert|cannot initialize
#include "CoreMinimal.h"

const TCHAR* TextIsWide() {
#ifdef WRONG
  const TCHAR* Name = "TalkFace";
#else
  const TCHAR* Name = TEXT("TalkFace");
#endif
  return Name;
}
