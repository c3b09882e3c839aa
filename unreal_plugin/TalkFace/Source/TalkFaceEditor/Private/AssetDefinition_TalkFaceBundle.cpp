#include "AssetDefinition_TalkFaceBundle.h"

#define LOCTEXT_NAMESPACE "AssetDefinition_TalkFaceBundle"

FText UAssetDefinition_TalkFaceBundle::GetAssetDisplayName() const
{
	return LOCTEXT("Name", "TalkFace Bundle");
}

TConstArrayView<FAssetCategoryPath> UAssetDefinition_TalkFaceBundle::GetAssetCategories() const
{
	static const FAssetCategoryPath Categories[] = {EAssetCategoryPaths::Animation};
	return Categories;
}

#undef LOCTEXT_NAMESPACE
