#pragma once

#include "CoreMinimal.h"
#include "Subsystems/WorldSubsystem.h"
#include "TalkFaceSubsystem.generated.h"

class FTalkFaceCrowd;
class UTalkFaceBundle;

/** Crowds of a world: all components with one bundle are one talkface_crowd, on one worker thread. */
UCLASS()
class TALKFACERUNTIME_API UTalkFaceSubsystem : public UTickableWorldSubsystem
{
	GENERATED_BODY()

public:
	/**
	 * The crowd of a bundle; null means the project's default one. Its thread starts with the first caller, that of a
	 * default asset when it is loaded.
	 */
	TSharedRef<FTalkFaceCrowd> GetCrowd(const UTalkFaceBundle* Bundle);

	/** Not for a dedicated server: nobody sees a face there. */
	virtual bool ShouldCreateSubsystem(UObject* Outer) const override;
	virtual void Deinitialize() override;
	virtual void Tick(float DeltaTime) override;
	virtual TStatId GetStatId() const override;
	virtual bool IsTickableInEditor() const override { return true; }

private:
	void StartDefault(const TSharedRef<FTalkFaceCrowd>& Crowd);

	/** By the bundle's path name; empty for the default one. */
	TMap<FString, TSharedPtr<FTalkFaceCrowd>> Crowds;
};
