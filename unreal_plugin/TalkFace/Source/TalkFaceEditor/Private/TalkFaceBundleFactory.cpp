#include "TalkFaceBundleFactory.h"

#include "EditorFramework/AssetImportData.h"
#include "HAL/FileManager.h"
#include "Misc/FeedbackContext.h"
#include "Misc/FileHelper.h"
#include "Misc/Paths.h"
#include "ScopedTransaction.h"
#include "TalkFaceBundle.h"
#include "TalkFaceLog.h"
#include "Templates/Casts.h"

#define LOCTEXT_NAMESPACE "TalkFaceBundleFactory"

namespace
{
const TCHAR* const ManifestName = TEXT("manifest.json");

bool ReadFolder(const FString& Folder, FTalkFaceBundleFiles& Out, FString& OutError)
{
	TArray<FString> Names;
	IFileManager::Get().FindFiles(Names, *FPaths::Combine(Folder, TEXT("*")), true, false);
	for (const FString& Name : Names)
	{
		if (!FFileHelper::LoadFileToArray(Out.Add(Name), *FPaths::Combine(Folder, Name)))
		{
			OutError = FString::Printf(TEXT("cannot read %s"), *FPaths::Combine(Folder, Name));
			return false;
		}
	}
	return true;
}

bool ImportFile(const FString& File, UTalkFaceBundle& Bundle, FString& OutError)
{
	const TSharedRef<FTalkFaceBundleFiles> Files = MakeShared<FTalkFaceBundleFiles>();
	if (!ReadFolder(FPaths::GetPath(File), *Files, OutError) || !Bundle.Import(Files, OutError))
	{
		return false;
	}
	Bundle.AssetImportData->Update(File);
	return true;
}
}

UTalkFaceBundleFactory::UTalkFaceBundleFactory(const FObjectInitializer& Initializer)
	: Super(Initializer)
{
	SupportedClass = UTalkFaceBundle::StaticClass();
	Formats.Add(TEXT("json;Manifest of a TalkFace bundle"));
	bCreateNew = false;
	bEditorImport = true;
	// Before the importers of any JSON.
	ImportPriority = DefaultImportPriority + 1;
}

bool UTalkFaceBundleFactory::FactoryCanImport(const FString& File)
{
	FString Text;
	return FPaths::GetCleanFilename(File) == ManifestName && FFileHelper::LoadFileToString(Text, *File) &&
		   Text.Contains(TEXT("\"look_ahead\""));
}

UObject* UTalkFaceBundleFactory::FactoryCreateFile(UClass* Class, UObject* Parent, FName Name, EObjectFlags Flags,
	const FString& File, const TCHAR*, FFeedbackContext* Warn, bool& bOutCancelled)
{
	bOutCancelled = false;
	FString Error;
	UTalkFaceBundle* Bundle = NewObject<UTalkFaceBundle>(Parent, Class, Name, Flags | RF_Transactional);
	if (ImportFile(File, *Bundle, Error))
	{
		return Bundle;
	}
	Warn->Logf(ELogVerbosity::Error, TEXT("%s: %s"), *File, *Error);
	return nullptr;
}

bool UTalkFaceBundleFactory::CanReimport(UObject* Object, TArray<FString>& OutFiles)
{
	const UTalkFaceBundle* Bundle = Cast<UTalkFaceBundle>(Object);
	if (Bundle == nullptr || Bundle->AssetImportData == nullptr)
	{
		return false;
	}
	Bundle->AssetImportData->ExtractFilenames(OutFiles);
	return true;
}

void UTalkFaceBundleFactory::SetReimportPaths(UObject* Object, const TArray<FString>& NewFiles)
{
	const UTalkFaceBundle* Bundle = Cast<UTalkFaceBundle>(Object);
	if (Bundle != nullptr && Bundle->AssetImportData != nullptr && NewFiles.Num() == 1)
	{
		Bundle->AssetImportData->UpdateFilenameOnly(NewFiles[0]);
	}
}

EReimportResult::Type UTalkFaceBundleFactory::Reimport(UObject* Object)
{
	UTalkFaceBundle* Bundle = Cast<UTalkFaceBundle>(Object);
	if (Bundle == nullptr || Bundle->AssetImportData == nullptr)
	{
		return EReimportResult::Failed;
	}
	const FString File = Bundle->AssetImportData->GetFirstFilename();
	FString Error;
	FScopedTransaction Transaction(LOCTEXT("Reimport", "Reimport TalkFace bundle"));
	Bundle->AssetImportData->Modify();
	if (!ImportFile(File, *Bundle, Error))
	{
		Transaction.Cancel();
		UE_LOG(LogTalkFace, Error, TEXT("%s: %s"), *File, *Error);
		return EReimportResult::Failed;
	}
	Bundle->MarkPackageDirty();
	return EReimportResult::Succeeded;
}

#undef LOCTEXT_NAMESPACE
