#pragma once

#include "CoreMinimal.h"
#include "UObject/WeakObjectPtrTemplates.h"
#include "Widgets/DeclarativeSyntaxSupport.h"
#include "Widgets/SLeafWidget.h"

class UTalkFaceComponent;

/** The last seconds of a component's jaw, lips, smile and brows. */
class STalkFaceCurves : public SLeafWidget
{
public:
	SLATE_BEGIN_ARGS(STalkFaceCurves) {}
	SLATE_ARGUMENT(TWeakObjectPtr<UTalkFaceComponent>, Component)
	SLATE_END_ARGS()

	void Construct(const FArguments& Arguments);

	virtual int32 OnPaint(const FPaintArgs& Args, const FGeometry& Geometry, const FSlateRect& Cull,
		FSlateWindowElementList& Elements, int32 Layer, const FWidgetStyle& Style, bool bParentEnabled) const override;
	virtual FVector2D ComputeDesiredSize(float Scale) const override;

private:
	EActiveTimerReturnType Take(double Time, float DeltaTime);

	TWeakObjectPtr<UTalkFaceComponent> Component;
	/** For each channel shown its values, oldest first. */
	TArray<TArray<float>> History;
};
