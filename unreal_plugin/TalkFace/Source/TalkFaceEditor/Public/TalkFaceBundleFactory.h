#pragma once

#include "CoreMinimal.h"
#include "EditorReimportHandler.h"
#include "Factories/Factory.h"
#include "TalkFaceBundleFactory.generated.h"

/** Imports a bundle by its manifest.json: drag that file into the Content Browser. Imports it anew from there. */
UCLASS()
class TALKFACEEDITOR_API UTalkFaceBundleFactory : public UFactory, public FReimportHandler
{
	GENERATED_BODY()

public:
	UTalkFaceBundleFactory(const FObjectInitializer& Initializer);

	virtual bool FactoryCanImport(const FString& File) override;
	virtual UObject* FactoryCreateFile(UClass* Class, UObject* Parent, FName Name, EObjectFlags Flags,
		const FString& File, const TCHAR* Params, FFeedbackContext* Warn, bool& bOutCancelled) override;

	virtual bool CanReimport(UObject* Object, TArray<FString>& OutFiles) override;
	virtual void SetReimportPaths(UObject* Object, const TArray<FString>& NewFiles) override;
	/** Can be undone. */
	virtual EReimportResult::Type Reimport(UObject* Object) override;
};
