using UnityEngine;
using UnityEngine.Playables;
using UnityEngine.Timeline;

namespace TalkFace.Unity
{
    /// <summary>One baked utterance on a TalkFace track.</summary>
    public sealed class TalkFaceTimelineClip : PlayableAsset, ITimelineClipAsset
    {
        [SerializeField]
        private BakedFaceAsset face;

        public BakedFaceAsset Face
        {
            get { return face; }
            set { face = value; }
        }

        public ClipCaps clipCaps
        {
            get { return ClipCaps.Blending | ClipCaps.ClipIn | ClipCaps.SpeedMultiplier; }
        }

        public override double duration
        {
            get { return face == null ? base.duration : face.Baked.Seconds; }
        }

        public override Playable CreatePlayable(PlayableGraph graph, GameObject owner)
        {
            ScriptPlayable<TalkFaceClipBehaviour> playable = ScriptPlayable<TalkFaceClipBehaviour>.Create(graph);
            playable.GetBehaviour().Face = face;
            return playable;
        }
    }

    /// <summary>A clip while it plays.</summary>
    public sealed class TalkFaceClipBehaviour : PlayableBehaviour
    {
        public BakedFaceAsset Face { get; set; }
    }
}
