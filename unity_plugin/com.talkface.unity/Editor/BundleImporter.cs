using System.IO;
using UnityEditor.AssetImporters;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>Imports a .talkface archive as a model asset that holds the bundle's files.</summary>
    [ScriptedImporter(1, "talkface")]
    public sealed class BundleImporter : ScriptedImporter
    {
        public override void OnImportAsset(AssetImportContext ctx)
        {
            try
            {
                TalkFaceModelAsset asset = ScriptableObject.CreateInstance<TalkFaceModelAsset>();
                asset.name = Path.GetFileNameWithoutExtension(ctx.assetPath);
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
