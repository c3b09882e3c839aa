#pragma once

#include "Widgets/SWidget.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/slate-overview-for-unreal-engine
#define SLATE_BEGIN_ARGS(Widget) \
  struct FArguments {            \
    using FThis = FArguments;    \
    using FWidget = Widget;      \
    FArguments()
#define SLATE_ARGUMENT(Type, Name) \
  Type _##Name{};                  \
  FThis& Name(Type Value) {        \
    _##Name = Value;               \
    return *this;                  \
  }
#define SLATE_END_ARGS() \
  }                      \
  ;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/slate-overview-for-unreal-engine
template <typename W>
struct TStubDeclaration {
  TSharedRef<W> operator<<=(const typename W::FArguments& Arguments) const {
    TSharedRef<W> Made = MakeShared<W>();
    Made->Construct(Arguments);
    return Made;
  }
};
#define SNew(Widget, ...) TStubDeclaration<Widget>() <<= typename Widget::FArguments()
