using System.IO;
using UnityEditor.AssetImporters;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>Imports a .talkface archive as a model asset that holds the bundle's files.</summary>
    [ScriptedImporter(2, "talkface")]
    public sealed class BundleImporter : ScriptedImporter
    {
        [SerializeField, Tooltip("CUDA and TensorRT fall back to the CPU where they are missing.")]
        private FaceProvider provider = FaceProvider.Cpu;

        [SerializeField, Range(1, 64), Tooltip("Threads inside one run of the graph.")]
        private int threads = 1;

        [SerializeField, Tooltip("Voices wait while another thread opens the model. Off: the frame in which the first one starts does.")]
        private bool openInBackground = true;

        public override void OnImportAsset(AssetImportContext ctx)
        {
            try
            {
                TalkFaceModelAsset asset = ScriptableObject.CreateInstance<TalkFaceModelAsset>();
                asset.name = Path.GetFileNameWithoutExtension(ctx.assetPath);
                asset.Provider = provider;
                asset.Threads = threads;
                asset.OpenInBackground = openInBackground;
                asset.SetFiles(BundleArchive.Read(File.ReadAllBytes(ctx.assetPath)));
                ctx.AddObjectToAsset("model", asset);
                ctx.SetMainObject(asset);
            }
            catch (InvalidDataException error)
            {
                ctx.LogImportError(ctx.assetPath + ": " + error.Message);
            }
        }
    }
}
