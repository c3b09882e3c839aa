#pragma once

#include "Templates/SubclassOf.h"
#include "UObject/ObjectPtr.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/NewObject
template <typename T>
requires std::is_base_of_v<UObject, T> T* NewObject(UObject* Outer, FName Name = NAME_None,
                                                    EObjectFlags Flags = RF_NoFlags);
template <typename T>
requires std::is_base_of_v<UObject, T> T* NewObject(UObject* Outer, const UClass* Class,
                                                    FName Name = NAME_None,
                                                    EObjectFlags Flags = RF_NoFlags);
template <typename T>
requires std::is_base_of_v<UObject, T> T* NewObject();

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/GetDefault
template <typename T>
const T* GetDefault();
template <typename T>
T* GetMutableDefault();

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/GetTransientPackage
UPackage* GetTransientPackage();

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/IsValid
bool IsValid(const UObject* Object);

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/LoadObject
template <typename T>
T* LoadObject(UObject* Outer, const TCHAR* Name);
