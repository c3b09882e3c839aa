// Unity's Pose is a place and a rotation, not a face.
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
        source.Stream.SampleNewest(new Pose());
    }
}
#else
internal static class Use
{
    internal static void Do(TalkFaceSource source)
    {
        source.Stream.SampleNewest(new FacePose());
    }
}
#endif
