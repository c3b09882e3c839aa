#pragma once

#include "CoreMinimal.h"

TALKFACERUNTIME_API DECLARE_LOG_CATEGORY_EXTERN(LogTalkFace, Log, All);
