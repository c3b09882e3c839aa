using System.IO;
using UnrealBuildTool;

// Header, libraries and ONNX Runtime by platform. Modules above know no platform.
public class TalkFaceSDK : ModuleRules
{
	public TalkFaceSDK(ReadOnlyTargetRules Target) : base(Target)
	{
		Type = ModuleType.External;

		string Include = Path.Combine(ModuleDirectory, "include");
		Require(Path.Combine(Include, "talkface", "talkface.h"));
		PublicSystemIncludePaths.Add(Include);

		string Platform = Target.Platform.ToString();
		string Binaries = Path.Combine(PluginDirectory, "Binaries", "ThirdParty", "TalkFaceSDK", Platform);
		if (Target.Platform == UnrealTargetPlatform.Win64)
		{
			string ImportLibrary = Path.Combine(ModuleDirectory, "lib", Platform, "talkface.lib");
			Require(ImportLibrary);
			PublicAdditionalLibraries.Add(ImportLibrary);
			// TalkFace's StartupModule loads it by its full path before the first call.
			PublicDelayLoadDLLs.Add("talkface.dll");
			Stage(Binaries, "talkface.dll");
			Stage(Binaries, "talkface_onnxruntime.dll");
		}
		else
		{
			string Extension = Target.Platform == UnrealTargetPlatform.Mac ? ".dylib" : ".so";
			string Library = Path.Combine(Binaries, "libtalkface" + Extension);
			PublicAdditionalLibraries.Add(Library);
			PublicRuntimeLibraryPaths.Add(Binaries);
			Stage(Binaries, "libtalkface" + Extension);
			Stage(Binaries, "libtalkface_onnxruntime" + Extension);
		}
	}

	private void Stage(string Folder, string Name)
	{
		string Library = Path.Combine(Folder, Name);
		Require(Library);
		RuntimeDependencies.Add(Library);
	}

	private static void Require(string Needed)
	{
		if (!File.Exists(Needed))
		{
			throw new BuildException(
				"TalkFace: " + Needed + " is missing. The plugin is complete only as the zip that `make unreal-package` writes; " +
				"unpack that into the project's Plugins folder, or copy the file of this platform there.");
		}
	}
}
