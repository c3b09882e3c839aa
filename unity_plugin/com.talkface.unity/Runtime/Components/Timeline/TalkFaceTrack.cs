using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Playables;
using UnityEngine.Timeline;

namespace TalkFace.Unity
{
    /// <summary>Baked speech on a Timeline; bound to a driver, blended by the clips' easing and overlap.</summary>
    [TrackColor(0.85f, 0.45f, 0.2f)]
    [TrackClipType(typeof(TalkFaceTimelineClip))]
    [TrackBindingType(typeof(TalkFaceDriver))]
    public sealed class TalkFaceTrack : TrackAsset
    {
        [SerializeField, Tooltip("Where the track stands among the driver's layers; speech has 0.")]
        private LayerSettings layer = new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 50);

        public LayerSettings Layer
        {
            get { return layer; }
            set { layer = value; }
        }

        /// <summary>The editor's preview: what it shows of the face is put back when it ends.</summary>
        public override void GatherProperties(PlayableDirector director, IPropertyCollector driver)
        {
            TalkFaceDriver bound = director.GetGenericBinding(this) as TalkFaceDriver;
            if (bound != null)
            {
                Gather(bound, driver);
            }
            base.GatherProperties(director, driver);
        }

        private static void Gather(TalkFaceDriver bound, IPropertyCollector into)
        {
            IReadOnlyList<SkinnedMeshRenderer> faces;
            if (bound.BindingForBake(out faces) == null)
            {
                return;
            }
            foreach (SkinnedMeshRenderer one in faces)
            {
                into.AddFromComponent(one.gameObject, one);
            }
            foreach (FaceBone bone in bound.BonesForBake())
            {
                into.AddFromName<Transform>(bone.Transform.gameObject, "m_LocalRotation");
                into.AddFromName<Transform>(bone.Transform.gameObject, "m_LocalPosition");
            }
        }

        public override Playable CreateTrackMixer(PlayableGraph graph, GameObject go, int inputCount)
        {
            ScriptPlayable<TalkFaceMixer> mixer = ScriptPlayable<TalkFaceMixer>.Create(graph, inputCount);
            mixer.GetBehaviour().Settings = layer;
            return mixer;
        }
    }
}
