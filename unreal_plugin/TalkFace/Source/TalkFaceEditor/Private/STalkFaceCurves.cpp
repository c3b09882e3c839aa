#include "STalkFaceCurves.h"

#include "Rendering/DrawElements.h"
#include "TalkFaceComponent.h"

namespace
{
struct FShownChannel
{
	const char* Name;
	FLinearColor Colour;
};

const FShownChannel ShownChannels[] = {
	{"JawOpen", FLinearColor(0.95f, 0.55f, 0.15f)},
	{"MouthClose", FLinearColor(0.25f, 0.65f, 0.95f)},
	{"MouthSmileLeft", FLinearColor(0.45f, 0.85f, 0.35f)},
	{"BrowInnerUp", FLinearColor(0.85f, 0.40f, 0.85f)},
};

constexpr float Rate = 30.0f;
constexpr int32 Kept = 120;
}

void STalkFaceCurves::Construct(const FArguments& Arguments)
{
	Component = Arguments._Component;
	History.SetNum(static_cast<int32>(sizeof(ShownChannels) / sizeof(ShownChannels[0])));
	RegisterActiveTimer(1.0f / Rate, FWidgetActiveTimerDelegate::CreateSP(this, &STalkFaceCurves::Take));
}

EActiveTimerReturnType STalkFaceCurves::Take(double, float)
{
	const UTalkFaceComponent* Talking = Component.Get();
	if (Talking == nullptr)
	{
		return EActiveTimerReturnType::Stop;
	}
	for (int32 Index = 0; Index < History.Num(); ++Index)
	{
		TArray<float>& Values = History[Index];
		if (Values.Num() == Kept)
		{
			Values.RemoveAt(0, 1, EAllowShrinking::No);
		}
		Values.Add(Talking->GetWeight(FName(ShownChannels[Index].Name)));
	}
	Invalidate(EInvalidateWidgetReason::Paint);
	return EActiveTimerReturnType::Continue;
}

int32 STalkFaceCurves::OnPaint(const FPaintArgs&, const FGeometry& Geometry, const FSlateRect&,
	FSlateWindowElementList& Elements, int32 Layer, const FWidgetStyle&, bool) const
{
	const FVector2D Size = Geometry.GetLocalSize();
	for (int32 Index = 0; Index < History.Num(); ++Index)
	{
		const TArray<float>& Values = History[Index];
		TArray<FVector2f> Points;
		for (int32 At = 0; At < Values.Num(); ++At)
		{
			const double X = Size.X * At / (Kept - 1);
			const double Y = Size.Y * (1.0 - static_cast<double>(Values[At]));
			Points.Add(FVector2f(static_cast<float>(X), static_cast<float>(Y)));
		}
		if (Points.Num() > 1)
		{
			FSlateDrawElement::MakeLines(Elements, static_cast<uint32>(Layer), Geometry.ToPaintGeometry(),
				MoveTemp(Points), ESlateDrawEffect::None, ShownChannels[Index].Colour, true, 1.5f);
		}
	}
	return Layer + 1;
}

FVector2D STalkFaceCurves::ComputeDesiredSize(float) const
{
	return FVector2D(240.0, 80.0);
}
