#include "TalkFaceBundle.h"

#include "TalkFaceLog.h"
#include "TalkFaceModule.h"
#include "TalkFaceSettings.h"

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

bool UTalkFaceBundle::Import(const FTalkFaceBundleFiles& InFiles, FString& OutError)
{
	FTalkFaceBundleSource Source;
	Source.Files = MakeShared<FTalkFaceBundleFiles>(InFiles);
	const TSharedPtr<FTalkFaceModel> Model = Source.Open(OutError);
	if (!Model.IsValid())
	{
		return false;
	}
	talkface_model_info Info = talkface_model_info_init();
	talkface_model_get_info(Model->Get(), &Info);
	ModelName = UTF8_TO_TCHAR(Info.name);
	ModelVersion = UTF8_TO_TCHAR(Info.version);
	Licence = UTF8_TO_TCHAR(Info.licence);
	LatencySeconds = static_cast<float>(Info.look_ahead + Info.hop) / static_cast<float>(Info.sample_rate);
	bMovesHead = Info.has_head != 0;
	Files.Reset();
	for (const TPair<FString, TArray<uint8>>& Entry : InFiles)
	{
		FTalkFaceBundleFile& File = Files.AddDefaulted_GetRef();
		File.Name = Entry.Key;
		File.Bytes = Entry.Value;
	}
	Shared = Source.Files;
	return true;
}

FTalkFaceBundleSource UTalkFaceBundle::GetSource() const
{
	if (!Shared.IsValid())
	{
		const TSharedRef<FTalkFaceBundleFiles> Made = MakeShared<FTalkFaceBundleFiles>();
		for (const FTalkFaceBundleFile& File : Files)
		{
			Made->Add(File.Name, File.Bytes);
		}
		Shared = Made;
	}
	FTalkFaceBundleSource Source;
	Source.Files = Shared;
	return Source;
}
