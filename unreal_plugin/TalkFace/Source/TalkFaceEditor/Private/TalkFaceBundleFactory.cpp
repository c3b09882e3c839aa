#include "TalkFaceBundleFactory.h"

#include "HAL/FileManager.h"
#include "Misc/FeedbackContext.h"
#include "Misc/FileHelper.h"
#include "Misc/Paths.h"
#include "TalkFaceBundle.h"

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
	FTalkFaceBundleFiles Files;
	FString Error;
	UTalkFaceBundle* Bundle = NewObject<UTalkFaceBundle>(Parent, Class, Name, Flags);
	if (ReadFolder(FPaths::GetPath(File), Files, Error) && Bundle->Import(Files, Error))
	{
		return Bundle;
	}
	Warn->Logf(ELogVerbosity::Error, TEXT("%s: %s"), *File, *Error);
	return nullptr;
}
