// The core is compiled without the engine.
// fails with: CS0246
// references: -engine TalkFace.Native TalkFace.Core
using TalkFace;

#if WRONG
internal sealed class Mine : MonoBehaviour
{
    public FacePose Shown;
}
#else
internal sealed class Mine
{
    public FacePose Shown = new FacePose();
}
#endif
