// Only the native layer and the core may use pointers.
// fails with: CS0227
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

#if WRONG
internal static class Use
{
    internal static unsafe void Do(int* place)
    {
        *place = 1;
    }
}
#else
internal static class Use
{
    internal static void Do(int[] place)
    {
        place[0] = 1;
    }
}
#endif
