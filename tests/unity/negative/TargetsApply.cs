// A face target shows its values.
// fails with: CS0535
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

#if WRONG
internal sealed class Glow : MonoBehaviour, IFaceTarget
{
    public string[] FaceNames
    {
        get { return Names.Channels; }
    }
}
#else
internal sealed class Glow : MonoBehaviour, IFaceTarget
{
    public string[] FaceNames
    {
        get { return Names.Channels; }
    }

    public void Apply(int index, float value)
    {
    }
}
#endif
