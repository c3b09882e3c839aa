using System;
using System.Collections.Generic;
using System.IO;
using UnityEditor;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>The bundle that comes with the package, and a model asset for it.</summary>
    public static class DefaultModel
    {
        /// <summary>Of the default bundle below StreamingAssets.</summary>
        public const string Folder = "TalkFace/default";

        private const string AssetPath = "Assets/TalkFaceModel.asset";

        /// <summary>Copies the package's bundle into Assets/StreamingAssets, where players find it.</summary>
        [MenuItem("Tools/TalkFace/Copy Default Bundle")]
        public static void CopyBundle()
        {
            Copy(PackagesBundle(), Path.Combine(Application.streamingAssetsPath, Folder));
            AssetDatabase.Refresh();
        }

        /// <summary>A model asset that holds the package's bundle itself: for Android and other players whose
        /// StreamingAssets are no folder.</summary>
        [MenuItem("Assets/Create/TalkFace/Model With Default Bundle Inside", false, 402)]
        public static void CreateWithBundle()
        {
            Dictionary<string, byte[]> files = new Dictionary<string, byte[]>();
            foreach (string file in Directory.GetFiles(PackagesBundle()))
            {
                files[Path.GetFileName(file)] = File.ReadAllBytes(file);
            }
            TalkFaceModelAsset made = ScriptableObject.CreateInstance<TalkFaceModelAsset>();
            made.SetFiles(files);
            AssetDatabase.CreateAsset(made, AssetDatabase.GenerateUniqueAssetPath(AssetPath));
            Selection.activeObject = made;
        }

        /// <summary>A model asset of the project; when there is none, one for the default bundle, copied if need be.</summary>
        public static TalkFaceModelAsset FindOrCreate()
        {
            foreach (string guid in AssetDatabase.FindAssets("t:" + typeof(TalkFaceModelAsset).Name))
            {
                TalkFaceModelAsset found = AssetDatabase.LoadAssetAtPath<TalkFaceModelAsset>(AssetDatabase.GUIDToAssetPath(guid));
                if (found != null)
                {
                    return found;
                }
            }
            if (!File.Exists(Path.Combine(Application.streamingAssetsPath, Folder, "manifest.json")))
            {
                CopyBundle();
            }
            TalkFaceModelAsset made = ScriptableObject.CreateInstance<TalkFaceModelAsset>();
            made.StreamingAssetsFolder = Folder;
            AssetDatabase.CreateAsset(made, AssetDatabase.GenerateUniqueAssetPath(AssetPath));
            return made;
        }

        private static string PackagesBundle()
        {
            string package = UnityEditor.PackageManager.PackageInfo.FindForAssembly(typeof(DefaultModel).Assembly).resolvedPath;
            string folder = Path.Combine(package, "StreamingAssets~", Folder);
            if (!Directory.Exists(folder))
            {
                throw new DirectoryNotFoundException(
                    "the package has no " + folder + ": install the .tgz of a release, which holds the bundle");
            }
            return folder;
        }

        private static void Copy(string from, string to)
        {
            Directory.CreateDirectory(to);
            foreach (string file in Directory.GetFiles(from))
            {
                if (!file.EndsWith(".meta", StringComparison.Ordinal))
                {
                    File.Copy(file, Path.Combine(to, Path.GetFileName(file)), true);
                }
            }
        }
    }
}
