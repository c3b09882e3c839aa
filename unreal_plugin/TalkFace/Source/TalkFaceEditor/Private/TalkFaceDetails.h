#pragma once

#include "CoreMinimal.h"
#include "IDetailCustomization.h"

/** Curves of the running component in its details panel. */
class FTalkFaceDetails : public IDetailCustomization
{
public:
	static TSharedRef<IDetailCustomization> Create();

	virtual void CustomizeDetails(IDetailLayoutBuilder& Builder) override;
};
