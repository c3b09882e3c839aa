// What ships in a player does not see the editor.
// fails with: CS0234
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

#if WRONG
internal sealed class Mine
{
    public TalkFace.Unity.Editor.BakeJob Job = null;
}
#else
internal sealed class Mine
{
    public BakedFaceAsset Face = null;
}
#endif
