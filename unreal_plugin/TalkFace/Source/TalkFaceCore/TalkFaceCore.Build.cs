using System.IO;
using UnrealBuildTool;

// Headers alone: what the plugin knows without an engine.
public class TalkFaceCore : ModuleRules
{
	public TalkFaceCore(ReadOnlyTargetRules Target) : base(Target)
	{
		Type = ModuleType.External;
		PublicSystemIncludePaths.Add(Path.Combine(ModuleDirectory, "Public"));
		PublicDependencyModuleNames.Add("TalkFaceSDK");
	}
}
