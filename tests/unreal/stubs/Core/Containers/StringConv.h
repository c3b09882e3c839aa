#pragma once

#include "Containers/UnrealString.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FTCHARToUTF8
class FTCHARToUTF8 {
 public:
  explicit FTCHARToUTF8(const TCHAR* Text);
  const ANSICHAR* Get() const;
  int32 Length() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FUTF8ToTCHAR
class FUTF8ToTCHAR {
 public:
  explicit FUTF8ToTCHAR(const ANSICHAR* Text);
  FUTF8ToTCHAR(const ANSICHAR* Text, int32 Length);
  const TCHAR* Get() const;
  int32 Length() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/character-encoding-in-unreal-engine
#define TCHAR_TO_UTF8(Text) (FTCHARToUTF8(Text).Get())
#define UTF8_TO_TCHAR(Text) (FUTF8ToTCHAR(Text).Get())
