// An input is named, not numbered.
// fails with: CS0266
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

#if WRONG
internal static class Use
{
    internal static void Do(TalkFaceSource source)
    {
        int two = 2;
        source.Input = two;
    }
}
#else
internal static class Use
{
    internal static void Do(TalkFaceSource source)
    {
        source.Input = VoiceInput.Push;
    }
}
#endif
