#include "TalkFaceModule.h"

#include "HAL/PlatformProcess.h"
#include "Interfaces/IPluginManager.h"
#include "Misc/CoreMisc.h"
#include "Misc/Paths.h"
#include "Modules/ModuleManager.h"
#include "TalkFaceLog.h"
#include "talkface/talkface.h"

DEFINE_LOG_CATEGORY(LogTalkFace);

namespace
{
#if PLATFORM_WINDOWS
const TCHAR* const Platform = TEXT("Win64");
const TCHAR* const LibraryName = TEXT("talkface.dll");
const TCHAR* const OnnxRuntimeName = TEXT("talkface_onnxruntime.dll");
#elif PLATFORM_MAC
const TCHAR* const Platform = TEXT("Mac");
const TCHAR* const LibraryName = TEXT("libtalkface.dylib");
const TCHAR* const OnnxRuntimeName = TEXT("libtalkface_onnxruntime.dylib");
#else
const TCHAR* const Platform = TEXT("Linux");
const TCHAR* const LibraryName = TEXT("libtalkface.so");
const TCHAR* const OnnxRuntimeName = TEXT("libtalkface_onnxruntime.so");
#endif
}

void FTalkFaceModule::StartupModule()
{
	if (IsRunningDedicatedServer())
	{
		return;
	}
	const TSharedPtr<IPlugin> Plugin = IPluginManager::Get().FindPlugin(TEXT("TalkFace"));
	if (!Plugin.IsValid())
	{
		UE_LOG(LogTalkFace, Error,
			TEXT("the plugin TalkFace is not in the plugin list; put it into the project's Plugins"));
		return;
	}
	const FString Base = FPaths::ConvertRelativePathToFull(Plugin->GetBaseDir());
	const FString Folder = FPaths::Combine(Base, TEXT("Binaries/ThirdParty/TalkFaceSDK"), Platform);
	OnnxRuntimePath = FPaths::Combine(Folder, OnnxRuntimeName);
	DefaultBundlePath = FPaths::Combine(Base, TEXT("Content/Bundles/default"));

	const FString Path = FPaths::Combine(Folder, LibraryName);
	Library = FPlatformProcess::GetDllHandle(*Path);
	if (Library == nullptr)
	{
		UE_LOG(LogTalkFace, Error, TEXT("cannot load %s; unpack the plugin's zip again, for this platform"), *Path);
		return;
	}
	if (talkface_abi_version() != TALKFACE_ABI_VERSION)
	{
		UE_LOG(LogTalkFace, Error, TEXT("%s has ABI %u, the plugin needs %u; take both from one zip"), *Path,
			talkface_abi_version(), static_cast<uint32>(TALKFACE_ABI_VERSION));
		FPlatformProcess::FreeDllHandle(Library);
		Library = nullptr;
		return;
	}
	UE_LOG(LogTalkFace, Log, TEXT("TalkFace %s"), UTF8_TO_TCHAR(talkface_version()));
}

void FTalkFaceModule::ShutdownModule()
{
	if (Library != nullptr)
	{
		FPlatformProcess::FreeDllHandle(Library);
		Library = nullptr;
	}
}

FTalkFaceModule* FTalkFaceModule::Get()
{
	return FModuleManager::Get().GetModulePtr<FTalkFaceModule>(TEXT("TalkFaceRuntime"));
}

IMPLEMENT_MODULE(FTalkFaceModule, TalkFaceRuntime)
