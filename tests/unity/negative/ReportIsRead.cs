// What was matched is found out, not set.
// fails with: CS0200
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

#if WRONG
internal static class Use
{
    internal static void Do(TalkFaceDriver driver)
    {
        driver.Report = new MatchReport();
    }
}
#else
internal static class Use
{
    internal static void Do(TalkFaceDriver driver)
    {
        driver.Rebind();
    }
}
#endif
