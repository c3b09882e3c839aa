#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/unreal-engine-uproperties
#define UPROPERTY(...)

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/ufunctions-in-unreal-engine
#define UFUNCTION(...)
#define UPARAM(...)

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/class-specifiers
#define UCLASS(...)
#define UINTERFACE(...)

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/structs-in-unreal-engine
#define USTRUCT(...)
#define UENUM(...)
#define UMETA(...)

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/unreal-header-tool-for-unreal-engine
#define BODY_MACRO_COMBINE_INNER(A, B, C, D) A##B##C##D
#define BODY_MACRO_COMBINE(A, B, C, D) BODY_MACRO_COMBINE_INNER(A, B, C, D)
#define GENERATED_BODY(...) BODY_MACRO_COMBINE(CURRENT_FILE_ID, _, __LINE__, _GENERATED_BODY)

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/EObjectFlags
enum EObjectFlags {
  RF_NoFlags = 0,
  RF_Public = 1,
  RF_Standalone = 2,
  RF_Transactional = 8,
  RF_ClassDefaultObject = 16,
  RF_Transient = 64,
  RF_NeedLoad = 1024
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/CoreUObject/EObjectFlags
constexpr EObjectFlags operator|(EObjectFlags A, EObjectFlags B) {
  return static_cast<EObjectFlags>(static_cast<int>(A) | static_cast<int>(B));
}

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/ENUM_CLASS_FLAGS
#define ENUM_CLASS_FLAGS(Enum)                                                 \
  constexpr Enum operator|(Enum A, Enum B) {                                   \
    return static_cast<Enum>(static_cast<uint32>(A) | static_cast<uint32>(B)); \
  }                                                                            \
  constexpr Enum operator&(Enum A, Enum B) {                                   \
    return static_cast<Enum>(static_cast<uint32>(A) & static_cast<uint32>(B)); \
  }

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/EnumHasAnyFlags
template <typename E>
constexpr bool EnumHasAnyFlags(E Flags, E Contains) {
  return (static_cast<uint32>(Flags) & static_cast<uint32>(Contains)) != 0;
}
