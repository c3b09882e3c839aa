// A layer belongs to a driver.
// fails with: CS0122
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

#if WRONG
internal static class Use
{
    internal static void Do(TalkFaceDriver driver)
    {
        TalkFaceLayer layer = new TalkFaceLayer(new LayerSettings());
        layer.Weight = 1;
    }
}
#else
internal static class Use
{
    internal static void Do(TalkFaceDriver driver)
    {
        TalkFaceLayer layer = driver.AddLayer(new LayerSettings());
        layer.Weight = 1;
    }
}
#endif
