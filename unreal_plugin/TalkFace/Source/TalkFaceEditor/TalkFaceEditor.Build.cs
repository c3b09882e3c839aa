using UnrealBuildTool;

// Import, bake, Sequencer and details in the editor.
public class TalkFaceEditor : ModuleRules
{
	public TalkFaceEditor(ReadOnlyTargetRules Target) : base(Target)
	{
		PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;
		bEnableExceptions = false;
		bUseRTTI = false;

		PublicDependencyModuleNames.AddRange(new string[]
		{
			"Core",
			"CoreUObject",
			"Engine",
			"Sequencer",
			"TalkFaceRuntime",
			"UnrealEd",
		});
		PrivateDependencyModuleNames.AddRange(new string[]
		{
			"AssetRegistry",
			"AssetTools",
			"ContentBrowser",
			"DeveloperSettings",
			"MovieScene",
			"PropertyEditor",
			"Slate",
			"SlateCore",
			"TalkFaceCore",
			"ToolMenus",
		});
	}
}
