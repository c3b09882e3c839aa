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
			"DeveloperSettings",
			"TalkFaceRuntime",
			"UnrealEd",
		});
		PrivateDependencyModuleNames.AddRange(new string[]
		{
			"AssetDefinition",
			"AssetRegistry",
			"AssetTools",
			"ContentBrowser",
			"Engine",
			"MovieScene",
			"PropertyEditor",
			"Sequencer",
			"Slate",
			"SlateCore",
			"TalkFaceCore",
			"ToolMenus",
		});
	}
}
