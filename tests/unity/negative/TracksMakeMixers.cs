// A track's CreatePlayable is sealed; its mixer is what it overrides.
// fails with: CS0239
// references: TalkFace.Native TalkFace.Core TalkFace.Runtime Unity.Timeline
using TalkFace.Unity;
using UnityEngine;
using UnityEngine.Playables;
using UnityEngine.Timeline;

#if WRONG
internal sealed class Mine : TrackAsset
{
    public override Playable CreatePlayable(PlayableGraph graph, GameObject go)
    {
        return ScriptPlayable<TalkFaceMixer>.Create(graph);
    }
}
#else
internal sealed class Mine : TrackAsset
{
    public override Playable CreateTrackMixer(PlayableGraph graph, GameObject go, int inputCount)
    {
        return ScriptPlayable<TalkFaceMixer>.Create(graph, inputCount);
    }
}
#endif
