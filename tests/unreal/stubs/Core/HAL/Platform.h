#pragma once

#include <cstddef>
#include <cstdint>

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/epic-cplusplus-coding-standard-for-unreal-engine
using int8 = std::int8_t;
using uint8 = std::uint8_t;
using int16 = std::int16_t;
using uint16 = std::uint16_t;
using int32 = std::int32_t;
using uint32 = std::uint32_t;
using int64 = long long;
using uint64 = unsigned long long;
using SIZE_T = std::size_t;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/character-encoding-in-unreal-engine
using TCHAR = char16_t;
using ANSICHAR = char;
using UTF8CHAR = char8_t;
#define TEXT(Literal) u##Literal

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/epic-cplusplus-coding-standard-for-unreal-engine
#define FORCEINLINE inline
#define INDEX_NONE (-1)

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/build-configurations-reference-for-unreal-engine
#ifndef WITH_EDITOR
#define WITH_EDITOR 0
#endif
#ifndef WITH_EDITORONLY_DATA
#define WITH_EDITORONLY_DATA 0
#endif
#ifndef PLATFORM_WINDOWS
#define PLATFORM_WINDOWS 0
#endif
#ifndef PLATFORM_LINUX
#define PLATFORM_LINUX 0
#endif
#ifndef PLATFORM_MAC
#define PLATFORM_MAC 0
#endif

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/asserts-in-unreal-engine
#define check(Expression) static_cast<void>(!(Expression))
#define checkf(Expression, Format, ...) static_cast<void>(!(Expression))
#define ensure(Expression) (!!(Expression))
#define verify(Expression) static_cast<void>(!(Expression))
