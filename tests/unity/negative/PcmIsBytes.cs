// 16-bit PCM comes as bytes; floats have a Push of their own.
// fails with: CS1503
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

#if WRONG
internal static class Use
{
    internal static void Do(TalkFaceSource source)
    {
        source.PushPcm16(new float[160], 0, 160);
    }
}
#else
internal static class Use
{
    internal static void Do(TalkFaceSource source)
    {
        source.Push(new float[160], 0, 160);
    }
}
#endif
