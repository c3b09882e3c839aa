#pragma once

#include "CoreMinimal.h"
#include "Modules/ModuleInterface.h"

/** Loads the library by its full path, before anything calls it; not on a dedicated server, where nothing does. */
class TALKFACERUNTIME_API FTalkFaceModule : public IModuleInterface
{
public:
	virtual void StartupModule() override;
	virtual void ShutdownModule() override;

	/** The loaded module, or null. */
	static FTalkFaceModule* Get();

	/** False where the library could not be loaded; the log says why. */
	bool IsLibraryLoaded() const { return Library != nullptr; }

	/** Full path of the ONNX Runtime that comes with the plugin: never the engine's own. */
	const FString& GetOnnxRuntimePath() const { return OnnxRuntimePath; }

	/** Folder of the bundle that is used where none is chosen. */
	const FString& GetDefaultBundlePath() const { return DefaultBundlePath; }

private:
	void* Library = nullptr;
	FString OnnxRuntimePath;
	FString DefaultBundlePath;
};
