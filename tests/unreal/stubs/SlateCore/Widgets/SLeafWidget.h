#pragma once

#include "Widgets/DeclarativeSyntaxSupport.h"
#include "Widgets/SWidget.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/SlateCore/SLeafWidget
class SLeafWidget : public SWidget {};
