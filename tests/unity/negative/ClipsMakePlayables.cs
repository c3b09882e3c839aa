// Missing override: a clip of a Timeline makes a playable.
// fails with: CS0534
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime Unity.Timeline
using TalkFace.Unity;
using UnityEngine;
using UnityEngine.Playables;

#if WRONG
internal sealed class Mine : PlayableAsset
{
}
#else
internal sealed class Mine : PlayableAsset
{
    public override Playable CreatePlayable(PlayableGraph graph, GameObject owner)
    {
        return ScriptPlayable<TalkFaceClipBehaviour>.Create(graph);
    }
}
#endif
