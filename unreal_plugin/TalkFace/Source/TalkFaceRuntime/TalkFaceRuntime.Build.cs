using System.IO;
using UnrealBuildTool;

// Not named TalkFace: its macro TALKFACE_API would be that of talkface.h.
// Component, crowd, animation node, Sequencer track: all that a packaged game needs.
public class TalkFaceRuntime : ModuleRules
{
	public TalkFaceRuntime(ReadOnlyTargetRules Target) : base(Target)
	{
		PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;
		bEnableExceptions = false;
		bUseRTTI = false;

		PublicDependencyModuleNames.AddRange(new string[]
		{
			"Core",
			"CoreUObject",
			"DeveloperSettings",
			"Engine",
			"MovieScene",
			"TalkFaceCore",
		});
		PrivateDependencyModuleNames.AddRange(new string[]
		{
			"AudioCaptureCore",
			"Projects",
			"SignalProcessing",
		});

		// The bundle that is used where none is chosen, as files on the disk.
		RuntimeDependencies.Add(Path.Combine(PluginDirectory, "Content", "Bundles", "..."), StagedFileType.NonUFS);
	}
}
