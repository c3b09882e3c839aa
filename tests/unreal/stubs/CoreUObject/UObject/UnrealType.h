#pragma once

#include "UObject/UObjectGlobals.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/GET_MEMBER_NAME_CHECKED
#define GET_MEMBER_NAME_CHECKED(Class, Member) \
  (static_cast<void>(sizeof(Class::Member)), FName(TEXT(#Member)))

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/FPropertyChangedEvent
struct FPropertyChangedEvent {
  FName GetPropertyName() const;
};
