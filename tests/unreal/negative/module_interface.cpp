// Wrong: a module that is none.
// Expect: static assertion failed|static_assert failed
#include "Modules/ModuleManager.h"

#ifdef WRONG
class FModuleInterfaceTest {};
#else
class FModuleInterfaceTest : public IModuleInterface {};
#endif

IMPLEMENT_MODULE(FModuleInterfaceTest, ModuleInterfaceTest)
