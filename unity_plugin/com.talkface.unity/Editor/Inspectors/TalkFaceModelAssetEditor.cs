using System.IO;
using UnityEditor;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>The model's inspector: whether its bundle is there, and what it is when it is open.</summary>
    [CustomEditor(typeof(TalkFaceModelAsset))]
    public sealed class TalkFaceModelAssetEditor : UnityEditor.Editor
    {
        public override void OnInspectorGUI()
        {
            TalkFaceModelAsset asset = (TalkFaceModelAsset)target;
            string missing = Missing(asset);
            if (missing != null)
            {
                EditorGUILayout.HelpBox(missing, MessageType.Warning);
                if (GUILayout.Button("Copy the default bundle there"))
                {
                    DefaultModel.CopyBundle();
                    Undo.RecordObject(asset, "Name the default bundle");
                    asset.StreamingAssetsFolder = DefaultModel.Folder;
                    EditorUtility.SetDirty(asset);
                }
            }
            else
            {
                EditorGUILayout.HelpBox(Facts(asset), MessageType.Info);
            }
            DrawDefaultInspector();
        }

        /// <summary>Why there is no bundle to open, or null.</summary>
        public static string Missing(TalkFaceModelAsset asset)
        {
            string folder = Path.Combine(Application.streamingAssetsPath, asset.StreamingAssetsFolder);
            return asset.Files.Count > 0 || File.Exists(Path.Combine(folder, "manifest.json")) ? null : "No bundle in " + folder + ".";
        }

        /// <summary>One sentence about the bundle.</summary>
        public static string Facts(TalkFaceModelAsset asset)
        {
            FaceModelInfo info = asset.Info;
            if (info != null)
            {
                string note = string.IsNullOrEmpty(info.ProviderNote) ? string.Empty : " (" + info.ProviderNote + ")";
                return "Open: " + info.Name + " " + info.Version + ", " + info.Licence + ", on " + info.Provider + note + ".";
            }
            double bytes = 0;
            foreach (TalkFaceModelAsset.BundleFile file in asset.Files)
            {
                bytes += file.bytes.Length;
            }
            return asset.Files.Count == 0
                ? "The bundle is in StreamingAssets."
                : "The asset holds the bundle: " + asset.Files.Count + " files, " + (bytes / 1e6).ToString("0.0") + " MB.";
        }
    }
}
