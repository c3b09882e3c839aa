using UnrealBuildTool;

// Live Link source in process: an ARKit and a MetaHuman subject for each character.
public class TalkFaceLiveLink : ModuleRules
{
	public TalkFaceLiveLink(ReadOnlyTargetRules Target) : base(Target)
	{
		PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;
		bEnableExceptions = false;
		bUseRTTI = false;

		PublicDependencyModuleNames.AddRange(new string[]
		{
			"Core",
			"CoreUObject",
			"Engine",
			"LiveLinkInterface",
			"TalkFaceRuntime",
		});
		PrivateDependencyModuleNames.AddRange(new string[]
		{
			"TalkFaceCore",
		});
	}
}
