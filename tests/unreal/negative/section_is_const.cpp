// Wrong: changing the section that a template only plays.
// Expect: read-only|const-qualified|const value|cannot assign
#include "TalkFaceSection.h"

float SectionIsConst(const TObjectPtr<const UTalkFaceSection>& Section) {
#ifdef WRONG
  Section->Weight = 0.0f;
#endif
  return Section->Weight;
}
