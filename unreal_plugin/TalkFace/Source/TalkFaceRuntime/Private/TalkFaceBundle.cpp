#include "TalkFaceBundle.h"

#include "EditorFramework/AssetImportData.h"
#include "Serialization/Archive.h"
#include "TalkFaceLog.h"
#include "TalkFaceModule.h"
#include "TalkFaceSettings.h"
#include "UObject/AssetRegistryTagsContext.h"

namespace
{
const TArray<uint8>* FindFile(void* User, const char* Name)
{
	return static_cast<const FTalkFaceBundleFiles*>(User)->Find(FString(UTF8_TO_TCHAR(Name)));
}

int64_t SizeOf(void* User, const char* Name)
{
	const TArray<uint8>* Bytes = FindFile(User, Name);
	return Bytes != nullptr ? Bytes->Num() : -1;
}

int64_t Read(void* User, const char* Name, uint64_t Offset, void* Destination, uint64_t Count)
{
	const TArray<uint8>* Bytes = FindFile(User, Name);
	if (Bytes == nullptr || Offset > static_cast<uint64_t>(Bytes->Num()))
	{
		return -1;
	}
	const uint64_t Left = static_cast<uint64_t>(Bytes->Num()) - Offset;
	const uint64_t Copied = Count < Left ? Count : Left;
	FMemory::Memcpy(Destination, Bytes->GetData() + Offset, static_cast<SIZE_T>(Copied));
	return static_cast<int64_t>(Copied);
}

void Log(void*, talkface_log_level Level, const char* Message)
{
	if (Level == TALKFACE_LOG_ERROR)
	{
		UE_LOG(LogTalkFace, Error, TEXT("%s"), UTF8_TO_TCHAR(Message));
	}
	else if (Level == TALKFACE_LOG_WARNING)
	{
		UE_LOG(LogTalkFace, Warning, TEXT("%s"), UTF8_TO_TCHAR(Message));
	}
	else
	{
		UE_LOG(LogTalkFace, Verbose, TEXT("%s"), UTF8_TO_TCHAR(Message));
	}
}
}

TSharedPtr<FTalkFaceModel> FTalkFaceBundleSource::Open(FString& OutError) const
{
	const FTalkFaceModule* Module = FTalkFaceModule::Get();
	if (Module == nullptr || !Module->IsLibraryLoaded())
	{
		OutError = TEXT("the TalkFace library is not loaded; an earlier line of the log says why");
		return nullptr;
	}
	const FTCHARToUTF8 OnnxRuntime(*Module->GetOnnxRuntimePath());
	talkface_model_options Options = talkface_model_options_init();
	Options.onnxruntime_path = OnnxRuntime.Get();
	Options.log = &Log;

	talkface_error Error = talkface_error_init();
	talkface_model* Model = nullptr;
	if (Files.IsValid())
	{
		talkface_reader Reader = talkface_reader_init();
		Reader.user = const_cast<FTalkFaceBundleFiles*>(Files.Get());
		Reader.size = &SizeOf;
		Reader.read = &Read;
		talkface_model_open_with(&Reader, &Options, &Model, &Error);
	}
	else
	{
		talkface_model_open(FTCHARToUTF8(*Folder).Get(), &Options, &Model, &Error);
	}
	if (Model == nullptr)
	{
		OutError = UTF8_TO_TCHAR(Error.message);
		return nullptr;
	}
	return MakeShared<FTalkFaceModel>(Model);
}

FTalkFaceBundleSource FTalkFaceBundleSource::GetDefault()
{
	if (const UTalkFaceBundle* Bundle = ::GetDefault<UTalkFaceSettings>()->DefaultBundle.LoadSynchronous())
	{
		return Bundle->GetSource();
	}
	FTalkFaceBundleSource Source;
	if (const FTalkFaceModule* Module = FTalkFaceModule::Get())
	{
		Source.Folder = Module->GetDefaultBundlePath();
	}
	return Source;
}

#if WITH_EDITORONLY_DATA
void UTalkFaceBundle::GetAssetRegistryTags(FAssetRegistryTagsContext Context) const
{
	Super::GetAssetRegistryTags(Context);
	if (AssetImportData != nullptr)
	{
		Context.AddTag(FAssetRegistryTag(
			SourceFileTagName(), AssetImportData->GetSourceData().ToJson(), FAssetRegistryTag::TT_Hidden));
	}
}
#endif

bool UTalkFaceBundle::Import(const TSharedRef<const FTalkFaceBundleFiles>& InFiles, FString& OutError)
{
	FTalkFaceBundleSource Source;
	Source.Files = InFiles;
	const TSharedPtr<FTalkFaceModel> Model = Source.Open(OutError);
	if (!Model.IsValid())
	{
		return false;
	}
	talkface_model_info Info = talkface_model_info_init();
	talkface_model_get_info(Model->Get(), &Info);
	Modify();
	ModelName = UTF8_TO_TCHAR(Info.name);
	ModelVersion = UTF8_TO_TCHAR(Info.version);
	Licence = UTF8_TO_TCHAR(Info.licence);
	LatencySeconds = static_cast<float>(Info.look_ahead + Info.hop) / static_cast<float>(Info.sample_rate);
	bMovesHead = Info.has_head != 0;
	Files = InFiles;
	return true;
}

FTalkFaceBundleSource UTalkFaceBundle::GetSource() const
{
	FTalkFaceBundleSource Source;
	Source.Files = Files;
	return Source;
}

void UTalkFaceBundle::PostInitProperties()
{
	Super::PostInitProperties();
#if WITH_EDITORONLY_DATA
	if (!HasAnyFlags(RF_ClassDefaultObject | RF_NeedLoad))
	{
		AssetImportData = NewObject<UAssetImportData>(this, TEXT("AssetImportData"), RF_Transactional);
	}
#endif
}

// By hand, since properties would be written byte by byte and copied for the threads. An undo comes this way too.
void UTalkFaceBundle::Serialize(FArchive& Ar)
{
	Super::Serialize(Ar);
	FTalkFaceBundleFiles Stored;
	if (!Ar.IsLoading() && Files.IsValid())
	{
		Ar << const_cast<FTalkFaceBundleFiles&>(*Files);
		return;
	}
	Ar << Stored;
	if (Ar.IsLoading())
	{
		Files = MakeShared<FTalkFaceBundleFiles>(MoveTemp(Stored));
	}
}
