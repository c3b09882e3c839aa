#include "TalkFaceCurveTable.h"

#include "TalkFaceCore/LiveLinkFrame.h"
#include "TalkFaceCore/MouthClose.h"

FTalkFaceCurveTable::FTalkFaceCurveTable(
	ETalkFaceCurves Curves, ETalkFaceMouthClose MouthClose, const std::vector<talkface_pose>& Poses)
{
	const bool bArkit = Curves == ETalkFaceCurves::Arkit;
	const std::size_t Count = bArkit ? TalkFaceCore::ValueCount : TalkFaceCore::MetaHumanValueCount;
	for (std::size_t Index = 0; Index < Count; ++Index)
	{
		Names.Add(FName(bArkit ? TalkFaceCore::ArkitNames[Index] : TalkFaceCore::MetaHumanName(Index)));
	}
	Values.resize(Count);
	for (const talkface_pose& Pose : Poses)
	{
		if (bArkit)
		{
			talkface_pose Handled = Pose;
			TalkFaceCore::HandleMouthClose(Handled.weights, MouthClose == ETalkFaceMouthClose::IntoJaw
																? TalkFaceCore::MouthCloseMode::IntoJaw
																: TalkFaceCore::MouthCloseMode::Keep);
			float Row[TalkFaceCore::ValueCount];
			TalkFaceCore::ArkitFrame(Handled, TalkFaceCore::AngleConvention::LiveLinkFace, Row);
			AddRow(Row);
		}
		else
		{
			float Row[TalkFaceCore::MetaHumanValueCount];
			TalkFaceCore::MetaHumanFrame(Pose, TalkFaceCore::MetaHumanOptions(), Row);
			AddRow(Row);
		}
	}
}

void FTalkFaceCurveTable::AddRow(const float* Row)
{
	for (std::size_t Index = 0; Index < Values.size(); ++Index)
	{
		Values[Index].push_back(Row[Index]);
	}
}
