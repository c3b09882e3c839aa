#pragma once

#include "CoreMinimal.h"
#include "UObject/UObjectGlobals.h"
#include "talkface/talkface.h"
#include "TalkFaceBundle.generated.h"

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

	/** The bundle that the project's settings name, else the one that comes with the plugin. */
	static FTalkFaceBundleSource GetDefault();
};

/** One file of an imported bundle. */
USTRUCT()
struct FTalkFaceBundleFile
{
	GENERATED_BODY()

	UPROPERTY()
	FString Name;

	UPROPERTY()
	TArray<uint8> Bytes;
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

	/** Copies the files in, opens them once and fills the fields above. False with a reason. */
	bool Import(const FTalkFaceBundleFiles& InFiles, FString& OutError);

	FTalkFaceBundleSource GetSource() const;

private:
	UPROPERTY()
	TArray<FTalkFaceBundleFile> Files;

	mutable TSharedPtr<const FTalkFaceBundleFiles> Shared;
};
