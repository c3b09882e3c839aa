#pragma once

#include <type_traits>

#include "HAL/Platform.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/ELogVerbosity__Type
namespace ELogVerbosity {
enum Type { Fatal, Error, Warning, Display, Log, Verbose, VeryVerbose };
}

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FLogCategoryBase
struct FLogCategoryBase {
  FLogCategoryBase(const TCHAR* Name, ELogVerbosity::Type Default);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/logging-in-unreal-engine
template <typename... A>
void StubLog(const FLogCategoryBase&, ELogVerbosity::Type, const TCHAR*, A...) {
  static_assert((std::is_scalar_v<A> && ...), "UE_LOG takes numbers and pointers; use *String");
}
#define UE_LOG(Category, Verbosity, Format, ...) \
  StubLog(Category, ELogVerbosity::Verbosity, Format, ##__VA_ARGS__)
#define DECLARE_LOG_CATEGORY_EXTERN(Name, Default, All) \
  struct FLogCategory##Name : FLogCategoryBase {        \
    FLogCategory##Name();                               \
  };                                                    \
  extern FLogCategory##Name Name
#define DEFINE_LOG_CATEGORY(Name) FLogCategory##Name Name
