// What the plugin's Build.cs files use of Unreal's build tool.
// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/module-properties-in-unreal-engine
using System;
using System.Collections.Generic;

namespace UnrealBuildTool
{
	public class BuildException : Exception
	{
		public BuildException(string Message) : base(Message) {}
	}

	public enum StagedFileType { UFS, NonUFS }

	public sealed class UnrealTargetPlatform
	{
		public static readonly UnrealTargetPlatform Win64 = new UnrealTargetPlatform("Win64");
		public static readonly UnrealTargetPlatform Linux = new UnrealTargetPlatform("Linux");
		public static readonly UnrealTargetPlatform Mac = new UnrealTargetPlatform("Mac");

		public override string ToString() { return Name; }

		UnrealTargetPlatform(string InName) { Name = InName; }
		readonly string Name;
	}

	public class ReadOnlyTargetRules
	{
		public ReadOnlyTargetRules(UnrealTargetPlatform InPlatform) { Platform = InPlatform; }
		public UnrealTargetPlatform Platform { get; private set; }
	}

	public class RuntimeDependencyList
	{
		public readonly List<string> Paths = new List<string>();
		public void Add(string Path) { Paths.Add(Path); }
		public void Add(string Path, StagedFileType Type) { Paths.Add(Path); }
	}

	public abstract class ModuleRules
	{
		public enum ModuleType { CPlusPlus, External }
		public enum PCHUsageMode { Default, UseExplicitOrSharedPCHs }

		// Set before a module's constructor runs, as the build tool does.
		public static string Folder;
		public static string Plugin;

		protected ModuleRules(ReadOnlyTargetRules Target) {}

		public ModuleType Type = ModuleType.CPlusPlus;
		public PCHUsageMode PCHUsage;
		public bool bEnableExceptions = true;
		public bool bUseRTTI = true;
		public readonly List<string> PublicDependencyModuleNames = new List<string>();
		public readonly List<string> PrivateDependencyModuleNames = new List<string>();
		public readonly List<string> PublicSystemIncludePaths = new List<string>();
		public readonly List<string> PublicAdditionalLibraries = new List<string>();
		public readonly List<string> PublicRuntimeLibraryPaths = new List<string>();
		public readonly List<string> PublicDelayLoadDLLs = new List<string>();
		public readonly RuntimeDependencyList RuntimeDependencies = new RuntimeDependencyList();
		public string ModuleDirectory { get { return Folder; } }
		public string PluginDirectory { get { return Plugin; } }
	}
}
