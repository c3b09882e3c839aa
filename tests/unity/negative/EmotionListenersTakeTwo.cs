// The emotion event says which and how much.
// fails with: CS1593
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

#if WRONG
internal static class Use
{
    internal static void Do(TalkFaceSource source)
    {
        source.OnEmotionChanged.AddListener(name => Debug.Log(name));
    }
}
#else
internal static class Use
{
    internal static void Do(TalkFaceSource source)
    {
        source.OnEmotionChanged.AddListener((name, strength) => Debug.Log(name));
    }
}
#endif
