// A model is opened from a bundle, not constructed.
// fails with: CS0143
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

#if WRONG
internal static class Use
{
    internal static void Do()
    {
        FaceModel model = new FaceModel();
        model.Dispose();
    }
}
#else
internal static class Use
{
    internal static void Do()
    {
        FaceModel model = FaceModel.Open("bundle");
        model.Dispose();
    }
}
#endif
