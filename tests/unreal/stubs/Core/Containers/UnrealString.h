#pragma once

#include "Containers/Array.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/ESearchCase__Type
namespace ESearchCase {
enum Type { CaseSensitive, IgnoreCase };
}

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FString
class FString {
 public:
  FString();
  FString(const TCHAR* Text);
  FString(const ANSICHAR* Text);
  FString(int32 Length, const TCHAR* Text);
  const TCHAR* operator*() const;
  int32 Len() const;
  bool IsEmpty() const;
  template <typename... A>
  static FString Printf(const TCHAR* Format, A... Arguments);
  static FString FromInt(int32 Number);
  static FString SanitizeFloat(double Number);
  FString ToLower() const;
  FString Left(int32 Count) const;
  FString Mid(int32 Start) const;
  FString Replace(const TCHAR* From, const TCHAR* To) const;
  FString TrimStartAndEnd() const;
  bool Equals(const FString& Other, ESearchCase::Type Case = ESearchCase::CaseSensitive) const;
  bool StartsWith(const FString& Prefix) const;
  bool EndsWith(const FString& Suffix) const;
  bool Contains(const TCHAR* Part) const;
  static FString Join(const TArray<FString>& Parts, const TCHAR* Separator);
  FString& operator+=(const FString& Other);
  bool operator==(const FString& Other) const;
  TArray<TCHAR>& GetCharArray();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FString
FString operator+(const FString& Left, const FString& Right);
FString operator/(const FString& Left, const FString& Right);

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/LexToString
FString LexToString(const FString& Value);
FString LexToString(int32 Value);
