#pragma once

#include <vector>

#include "AnimNode_TalkFace.h"
#include "CoreMinimal.h"

/** Curves of baked frames, by name: 61 of ARKit, or the 251 controls and the head of a MetaHuman. */
class FTalkFaceCurveTable
{
public:
	FTalkFaceCurveTable(
		ETalkFaceCurves Curves, ETalkFaceMouthClose MouthClose, const std::vector<talkface_pose>& Poses);

	int32 Num() const { return Names.Num(); }
	FName GetName(int32 Curve) const { return Names[Curve]; }
	const std::vector<float>& GetValues(int32 Curve) const { return Values[static_cast<std::size_t>(Curve)]; }

private:
	void AddRow(const float* Row);

	TArray<FName> Names;
	/** For each curve its values, frame by frame. */
	std::vector<std::vector<float>> Values;
};
