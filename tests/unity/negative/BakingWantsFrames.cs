// A clip is written from frames, not from a sound.
// fails with: CS1503
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime TalkFace.Editor UnityEditor
using TalkFace.Unity.Editor;
using UnityEngine;

#if WRONG
internal static class Use
{
    internal static void Do(AudioClip sound)
    {
        FaceClipWriter.ForArkit(0.005f).Write(sound, 60);
    }
}
#else
internal static class Use
{
    internal static void Do(AudioClip sound)
    {
        FaceClipWriter.ForArkit(0.005f).Write(new TalkFace.FacePose[0], 60);
    }
}
#endif
