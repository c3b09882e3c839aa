#pragma once

#include "CoreMinimal.h"
#include "Factories/Factory.h"
#include "TalkFaceBundleFactory.generated.h"

/** Imports a bundle by its manifest.json: drag that file into the Content Browser. */
UCLASS()
class TALKFACEEDITOR_API UTalkFaceBundleFactory : public UFactory
{
	GENERATED_BODY()

public:
	UTalkFaceBundleFactory(const FObjectInitializer& Initializer);

	virtual bool FactoryCanImport(const FString& File) override;
	virtual UObject* FactoryCreateFile(UClass* Class, UObject* Parent, FName Name, EObjectFlags Flags,
		const FString& File, const TCHAR* Params, FFeedbackContext* Warn, bool& bOutCancelled) override;
};
