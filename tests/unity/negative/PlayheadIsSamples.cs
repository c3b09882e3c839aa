// A playhead is a count of samples, not seconds.
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
        source.Stream.Sample(0.5, source.Pose);
    }
}
#else
internal static class Use
{
    internal static void Do(TalkFaceSource source)
    {
        source.Stream.Sample(24000, source.Pose);
    }
}
#endif
