// Missing override: an importer must import.
// fails with: CS0534
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime TalkFace.Editor UnityEditor
using UnityEditor.AssetImporters;

#if WRONG
[ScriptedImporter(1, "mouth")]
internal sealed class MouthImporter : ScriptedImporter
{
}
#else
[ScriptedImporter(1, "mouth")]
internal sealed class MouthImporter : ScriptedImporter
{
    public override void OnImportAsset(AssetImportContext ctx)
    {
    }
}
#endif
