using System;
using System.Collections.Generic;
using System.Reflection;
using UnityEngine;
using Object = UnityEngine.Object;

namespace Simulation
{
    /// <summary>What a test sets up, or looks up afterwards, of the editor.</summary>
    public static class Editing
    {
        public static readonly Dictionary<string, Object> Project = new Dictionary<string, Object>();
        public static readonly List<string> Progress = new List<string>();
        public static readonly List<string> Dialogs = new List<string>();
        public static readonly List<Object> Selected = new List<Object>();
        public static readonly List<string> SelectedFolders = new List<string>();

        /// <summary>The progress bar's Cancel is pressed when it is shown for this time; 0: never.</summary>
        public static int CancelAt;
        public static bool BarShown;
        public static string PackagePath;

        /// <summary>Play mode is left: the editor says so, the scene ends, the editor says so again.</summary>
        public static void LeavePlay()
        {
            UnityEditor.EditorApplication.SimSay(UnityEditor.PlayModeStateChange.ExitingPlayMode);
            World.ExitPlay();
            UnityEditor.EditorApplication.SimSay(UnityEditor.PlayModeStateChange.EnteredEditMode);
        }

        /// <summary>Scripts were changed while playing.</summary>
        public static void BeforeReload()
        {
            UnityEditor.AssemblyReloadEvents.SimSay();
            World.DisableAll();
        }

        /// <summary>The editor's own start: methods marked InitializeOnLoadMethod run.</summary>
        public static void Load(Assembly scripts)
        {
            foreach (var type in scripts.GetTypes())
                foreach (var method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                    if (method.IsDefined(typeof(UnityEditor.InitializeOnLoadMethodAttribute), false))
                        method.Invoke(null, null);
        }

        /// <summary>Imports a file; the objects that the importer made, its main one first.</summary>
        public static Object[] Import(UnityEditor.AssetImporters.ScriptedImporter importer, string path, List<string> errors)
        {
            var context = new UnityEditor.AssetImporters.AssetImportContext { SimPath = path };
            importer.OnImportAsset(context);
            errors.AddRange(context.SimErrors);
            var made = new List<Object>();
            if (!ReferenceEquals(context.SimMain, null))
                made.Add(context.SimMain);
            foreach (var one in context.SimObjects)
                if (!ReferenceEquals(one, context.SimMain))
                    made.Add(one);
            return made.ToArray();
        }
    }
}

namespace UnityEditor
{
    public static partial class EditorApplication
    {
        private static Action<PlayModeStateChange> SimPlayMode;

        internal static void SimSay(PlayModeStateChange change)
        {
            if (SimPlayMode != null)
                SimPlayMode(change);
        }
    }

    public static partial class AssemblyReloadEvents
    {
        private static AssemblyReloadCallback SimBefore;

        internal static void SimSay()
        {
            if (SimBefore != null)
                SimBefore();
        }
    }

    public static partial class Selection
    {
        private static Object SimActive;

        private static T[] SimFiltered<T>(SelectionMode mode)
        {
            var all = new List<Object>(Simulation.Editing.Selected);
            foreach (var entry in Simulation.Editing.Project)
                if ((mode & SelectionMode.DeepAssets) != 0 && InSelectedFolder(entry.Key))
                    all.Add(entry.Value);
            return all.FindAll(one => one is T).ConvertAll(one => (T)(object)one).ToArray();
        }

        private static bool InSelectedFolder(string path)
        {
            return Simulation.Editing.SelectedFolders.Exists(folder => path.StartsWith(folder + "/"));
        }
    }

    public static partial class AssetDatabase
    {
        private static void SimSave(Object asset, string path)
        {
            if (!path.StartsWith("Assets/"))
                throw new ArgumentException("not a path in the project: " + path);
            Simulation.Editing.Project[path] = asset;
        }

        private static string SimPath(Object asset)
        {
            foreach (var entry in Simulation.Editing.Project)
                if (ReferenceEquals(entry.Value, asset))
                    return entry.Key;
            return "";
        }

        private static T SimLoad<T>(string path) where T : Object
        {
            Object found;
            return Simulation.Editing.Project.TryGetValue(path, out found) ? found as T : null;
        }

        private static string[] SimSearch(string filter, string[] folders)
        {
            var found = new List<string>();
            foreach (var entry in Simulation.Editing.Project)
                foreach (var folder in folders)
                    if (entry.Key.StartsWith(folder) && filter == "t:" + entry.Value.GetType().Name)
                        found.Add(entry.Key);
            return found.ToArray();
        }

        private static string SimUnique(string path)
        {
            var dot = path.LastIndexOf('.');
            var unique = path;
            for (var i = 1; Simulation.Editing.Project.ContainsKey(unique); i++)
                unique = path.Substring(0, dot) + " " + i + path.Substring(dot);
            return unique;
        }
    }

    public static partial class EditorUtility
    {
        private static bool SimProgress(string title, string info, float progress)
        {
            if (progress < 0 || progress > 1)
                throw new ArgumentException("progress " + progress);
            Simulation.Editing.BarShown = true;
            Simulation.Editing.Progress.Add(info);
            return Simulation.Editing.Progress.Count == Simulation.Editing.CancelAt;
        }

        private static void SimClear()
        {
            Simulation.Editing.BarShown = false;
        }

        private static bool SimDialog(string title, string message)
        {
            Simulation.Editing.Dialogs.Add(message);
            return true;
        }

        private static void SimCopy(Object source, Object destination)
        {
            var from = source as AnimationClip;
            var to = destination as AnimationClip;
            if (from == null || to == null)
                throw new NotSupportedException("the simulated editor copies animation clips only");
            to.frameRate = from.frameRate;
            to.SimCurves.Clear();
            foreach (var curve in from.SimCurves)
                to.SimCurves.Add(curve.Key, curve.Value);
        }
    }

    public static partial class AnimationUtility
    {
        private static void SimSetCurve(AnimationClip clip, EditorCurveBinding binding, AnimationCurve curve)
        {
            if (curve == null)
                clip.SimCurves.Remove(binding);
            else
                clip.SimCurves[binding] = curve;
        }

        private static AnimationCurve SimGetCurve(AnimationClip clip, EditorCurveBinding binding)
        {
            AnimationCurve found;
            return clip.SimCurves.TryGetValue(binding, out found) ? found : null;
        }

        private static EditorCurveBinding[] SimBindings(AnimationClip clip)
        {
            var found = new List<EditorCurveBinding>();
            foreach (var key in clip.SimCurves.Keys)
                found.Add((EditorCurveBinding)key);
            return found.ToArray();
        }

        private static string SimRelative(Transform target, Transform root)
        {
            if (target == root)
                return "";
            var above = SimRelative(target.parent, root);
            return above == "" ? target.name : above + "/" + target.name;
        }
    }
}

namespace UnityEditor.PackageManager
{
    public partial class PackageInfo
    {
        private static string SimPath
        {
            get { return Simulation.Editing.PackagePath; }
        }
    }
}

namespace UnityEditor.AssetImporters
{
    public partial class AssetImportContext
    {
        internal string SimPath;
        internal Object SimMain;
        internal readonly List<Object> SimObjects = new List<Object>();
        internal readonly List<string> SimErrors = new List<string>();
    }
}
