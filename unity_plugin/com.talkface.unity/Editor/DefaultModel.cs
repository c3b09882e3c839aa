using System;
using System.IO;
using UnityEditor;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>The bundle that comes with the package, and a model asset for it.</summary>
    public static class DefaultModel
    {
        private const string Folder = "TalkFace/default";
        private const string AssetPath = "Assets/TalkFaceModel.asset";

        /// <summary>Copies the package's bundle into Assets/StreamingAssets, where players find it.</summary>
        [MenuItem("Tools/TalkFace/Copy Default Bundle")]
        public static void CopyBundle()
        {
            string package = UnityEditor.PackageManager.PackageInfo.FindForAssembly(typeof(DefaultModel).Assembly).resolvedPath;
            string from = Path.Combine(package, "StreamingAssets~", Folder);
            if (!Directory.Exists(from))
            {
                throw new DirectoryNotFoundException(
                    "the package has no " + from + ": install the .tgz of a release, which holds the bundle");
            }
            Copy(from, Path.Combine(Application.streamingAssetsPath, Folder));
            AssetDatabase.Refresh();
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
