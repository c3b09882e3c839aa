// Show PLATFORM PLUGIN MODULE FOLDER: what a module's rules give, one line each.
using System;
using System.Collections.Generic;
using System.Reflection;
using UnrealBuildTool;

public static class Show
{
	public static int Main(string[] Arguments)
	{
		FieldInfo Platform = typeof(UnrealTargetPlatform).GetField(Arguments[0]);
		ModuleRules.Plugin = Arguments[1];
		ModuleRules.Folder = Arguments[3];
		ReadOnlyTargetRules Target = new ReadOnlyTargetRules((UnrealTargetPlatform)Platform.GetValue(null));
		ModuleRules Rules;
		try
		{
			Rules = (ModuleRules)Activator.CreateInstance(Type.GetType(Arguments[2]), Target);
		}
		catch (TargetInvocationException Failed)
		{
			Console.WriteLine("error " + Failed.InnerException.Message);
			return 1;
		}
		Print("library", Rules.PublicAdditionalLibraries);
		Print("delay", Rules.PublicDelayLoadDLLs);
		Print("staged", Rules.RuntimeDependencies.Paths);
		Print("include", Rules.PublicSystemIncludePaths);
		Print("public", Rules.PublicDependencyModuleNames);
		Console.WriteLine("external " + (Rules.Type == ModuleRules.ModuleType.External));
		return 0;
	}

	static void Print(string What, List<string> Values)
	{
		foreach (string Value in Values)
		{
			Console.WriteLine(What + " " + Value);
		}
	}
}
