#pragma once

#include "UObject/NameTypes.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FText
class FText {
 public:
  FText();
  static FText FromString(const FString& Text);
  static FText FromName(const FName& Name);
  static FText AsNumber(int32 Number);
  static const FText& GetEmpty();
  template <typename... A>
  static FText Format(const FText& Pattern, A... Arguments);
  FString ToString() const;
  bool IsEmpty() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/text-localization-in-unreal-engine
FText StubLocText(const TCHAR* Namespace, const TCHAR* Key, const TCHAR* Text);
#define NSLOCTEXT(Namespace, Key, Literal) StubLocText(TEXT(Namespace), TEXT(Key), TEXT(Literal))
#define LOCTEXT(Key, Literal) NSLOCTEXT(LOCTEXT_NAMESPACE, Key, Literal)
#define INVTEXT(Literal) FText::FromString(TEXT(Literal))
