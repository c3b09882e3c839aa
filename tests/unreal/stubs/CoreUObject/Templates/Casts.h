#pragma once

#include "UObject/WeakObjectPtrTemplates.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/Cast
template <typename To, typename From>
To* Cast(From* Object);
template <typename To, typename From>
To* Cast(const TObjectPtr<From>& Object);
template <typename To, typename From>
const To* Cast(const From* Object);

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/CastChecked
template <typename To, typename From>
To* CastChecked(From* Object);
template <typename To, typename From>
const To* CastChecked(const From* Object);
