#pragma once

#include "AssetDefinitionDefault.h"
#include "CoreMinimal.h"
#include "TalkFaceBundle.h"
#include "AssetDefinition_TalkFaceBundle.generated.h"

/** How the Content Browser shows bundles; with Reimport in their menu. */
UCLASS()
class UAssetDefinition_TalkFaceBundle : public UAssetDefinitionDefault
{
	GENERATED_BODY()

public:
	virtual FText GetAssetDisplayName() const override;
	virtual FLinearColor GetAssetColor() const override { return FLinearColor(0.95f, 0.55f, 0.15f); }
	virtual TSoftClassPtr<UObject> GetAssetClass() const override { return UTalkFaceBundle::StaticClass(); }
	virtual TConstArrayView<FAssetCategoryPath> GetAssetCategories() const override;
	virtual bool CanImport() const override { return true; }
};
