#include "TalkFaceDetails.h"

#include "DetailCategoryBuilder.h"
#include "DetailLayoutBuilder.h"
#include "DetailWidgetRow.h"
#include "STalkFaceCurves.h"
#include "TalkFaceComponent.h"

#define LOCTEXT_NAMESPACE "TalkFaceDetails"

TSharedRef<IDetailCustomization> FTalkFaceDetails::Create()
{
	return MakeShared<FTalkFaceDetails>();
}

void FTalkFaceDetails::CustomizeDetails(IDetailLayoutBuilder& Builder)
{
	TArray<TWeakObjectPtr<UObject>> Objects;
	Builder.GetObjectsBeingCustomized(Objects);
	UTalkFaceComponent* Component = Objects.Num() == 1 ? Cast<UTalkFaceComponent>(Objects[0].Get()) : nullptr;
	if (Component != nullptr && !Component->IsTemplate())
	{
		Builder.EditCategory(TEXT("TalkFace"))
			.AddCustomRow(LOCTEXT("Curves", "Curves: jaw, lips, smile, brows"))
			.WholeRowContent()[SNew(STalkFaceCurves).Component(Component)];
	}
}

#undef LOCTEXT_NAMESPACE
