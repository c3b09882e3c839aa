// A rotation in TalkFace's axes does not turn into Unity's by itself.
// fails with: CS0029
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

#if WRONG
internal static class Use
{
    internal static void Do(Transform head, TalkFaceSource source)
    {
        head.localRotation = source.Pose.HeadRotation;
    }
}
#else
internal static class Use
{
    internal static void Do(Transform head, TalkFaceSource source)
    {
        Quat turn = source.Pose.UnityHeadRotation;
        head.localRotation = new Quaternion(turn.X, turn.Y, turn.Z, turn.W);
    }
}
#endif
