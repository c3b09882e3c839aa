using UnrealBuildTool;

// The animation node as Blueprint graphs show it.
public class TalkFaceUncooked : ModuleRules
{
	public TalkFaceUncooked(ReadOnlyTargetRules Target) : base(Target)
	{
		PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;
		bEnableExceptions = false;
		bUseRTTI = false;

		PublicDependencyModuleNames.AddRange(new string[]
		{
			"AnimGraph",
			"Core",
			"CoreUObject",
			"TalkFaceRuntime",
		});
		PrivateDependencyModuleNames.AddRange(new string[]
		{
			"UnrealEd",
		});
	}
}
