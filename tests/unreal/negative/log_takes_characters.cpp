// Wrong: a string object where the log wants characters.
// Expect: UE_LOG takes numbers and pointers
#include "TalkFaceLog.h"

void LogTakesCharacters(const FString& Name) {
#ifdef WRONG
  UE_LOG(LogTalkFace, Warning, TEXT("%s"), Name);
#else
  UE_LOG(LogTalkFace, Warning, TEXT("%s"), *Name);
#endif
}
