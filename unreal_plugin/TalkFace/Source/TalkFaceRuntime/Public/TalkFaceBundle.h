#pragma once

#include "CoreMinimal.h"
#include "UObject/ObjectPtr.h"
#include "UObject/UObjectGlobals.h"
#include "talkface/talkface.h"
#include "TalkFaceBundle.generated.h"

class FArchive;
class FAssetRegistryTagsContext;
class UAssetImportData;

/** An open model; streams and crowds keep what they need of it. */
class TALKFACERUNTIME_API FTalkFaceModel : public FNoncopyable
{
public:
	explicit FTalkFaceModel(talkface_model* InModel)
		: Model(InModel)
	{
	}
	~FTalkFaceModel() { talkface_model_destroy(Model); }

	const talkface_model* Get() const { return Model; }

private:
	talkface_model* Model;
};

/** Bytes of a bundle's files by name, shared with the threads that open it. */
using FTalkFaceBundleFiles = TMap<FString, TArray<uint8>>;

/** Where a model is opened from: a folder, or files in memory. Safe to hand to another thread. */
struct TALKFACERUNTIME_API FTalkFaceBundleSource
{
	FString Folder;
	TSharedPtr<const FTalkFaceBundleFiles> Files;

	/** Blocks while the graph is prepared, so not on the game thread. Null with a reason on failure. */
	TSharedPtr<FTalkFaceModel> Open(FString& OutError) const;

	/** The bundle that the project's settings name, loaded now if it is not, else the one that comes with the plugin.
	 */
	static FTalkFaceBundleSource GetDefault();
};

/** A bundle as an asset: import its manifest.json. */
UCLASS(BlueprintType)
class TALKFACERUNTIME_API UTalkFaceBundle : public UObject
{
	GENERATED_BODY()

public:
	/** As the manifest says, for the details panel. */
	UPROPERTY(VisibleAnywhere, BlueprintReadOnly, Category = "TalkFace")
	FString ModelName;

	UPROPERTY(VisibleAnywhere, BlueprintReadOnly, Category = "TalkFace")
	FString ModelVersion;

	UPROPERTY(VisibleAnywhere, BlueprintReadOnly, Category = "TalkFace")
	FString Licence;

	/** Look-ahead and hop together, in seconds. */
	UPROPERTY(VisibleAnywhere, BlueprintReadOnly, Category = "TalkFace")
	float LatencySeconds = 0.0f;

	UPROPERTY(VisibleAnywhere, BlueprintReadOnly, Category = "TalkFace")
	bool bMovesHead = false;

#if WITH_EDITORONLY_DATA
	/** The manifest that it was imported from. */
	UPROPERTY(VisibleAnywhere, Instanced, Category = "TalkFace")
	TObjectPtr<UAssetImportData> AssetImportData;

	virtual void GetAssetRegistryTags(FAssetRegistryTagsContext Context) const override;
#endif

	/** Opens the files once, fills the fields above and keeps the files. On failure false with a reason, and no change.
	 */
	bool Import(const TSharedRef<const FTalkFaceBundleFiles>& InFiles, FString& OutError);

	/** Copies nothing, so that it can be called wherever play begins. */
	FTalkFaceBundleSource GetSource() const;

	virtual void PostInitProperties() override;
	virtual void Serialize(FArchive& Ar) override;

private:
	/** Threads that open it have it too: an import puts other files in its place, and never changes them. */
	TSharedPtr<const FTalkFaceBundleFiles> Files;
};
