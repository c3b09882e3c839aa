using System;
using System.Collections.Generic;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>
    /// Shows a voice's pose on a character: blendshapes of any number of renderers found by name, head and eyes.
    /// Runs in LateUpdate, after animators (Update Mode Normal or Unscaled Time) and Timeline.
    /// </summary>
    [AddComponentMenu("TalkFace/TalkFace Driver")]
    [DefaultExecutionOrder(100)]
    [DisallowMultipleComponent]
    public sealed partial class TalkFaceDriver : MonoBehaviour
    {
        [SerializeField, Tooltip("The voice; found on this object or its parents and children when empty.")]
        private TalkFaceSource source;

        [SerializeField, Tooltip("All below this object when empty.")]
        private List<SkinnedMeshRenderer> renderers = new List<SkinnedMeshRenderer>();

        [SerializeField, Tooltip("A map of the character's own; the rig is told by its names when empty.")]
        private RigMapAsset rigMap;

        [SerializeField, Tooltip("Turned about its pivot on top of animation. The driver's object must look along +Z.")]
        private Transform head;

        [SerializeField, Range(0, 2)]
        private float headStrength = 1;

        [SerializeField]
        private Transform leftEye;

        [SerializeField]
        private Transform rightEye;

        [SerializeField, Range(0, 60), Tooltip("Degrees that an eye turns at full weight; 35 was measured on ARKit.")]
        private float eyeDegrees = 35;

        [SerializeField, Range(0, 1), Tooltip("Seconds over which the face eases when the voice starts or jumps.")]
        private float easeSeconds = 0.12f;

        [SerializeField]
        private LayerSettings speech = new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 0);

        [SerializeField, Tooltip("What animators and Timeline write to the blendshapes. Weight 0: it is not read.")]
        private LayerSettings authored = new LayerSettings(FaceRegion.All, LayerMode.Override, 0, 100);

        public TalkFaceSource Source
        {
            get { return source; }
            set { source = value; }
        }

        public RigMapAsset RigMap
        {
            get { return rigMap; }
            set { rigMap = value; BindToAnotherMap(); }
        }

        public Transform Head
        {
            get { return head; }
            set { head = value; Rebind(); }
        }

        public float HeadStrength
        {
            get { return headStrength; }
            set { headStrength = Mathf.Clamp(value, 0, 2); }
        }

        public float EaseSeconds
        {
            get { return easeSeconds; }
            set { easeSeconds = Mathf.Max(0, value); }
        }

        /// <summary>Of what the voice says. Setting it binds the face anew when the priority changes.</summary>
        public LayerSettings Speech
        {
            get { return speech; }
            set { Set(ref speech, value); }
        }

        /// <summary>Of what animators and Timeline write to the blendshapes. With a priority above speech it wins in
        /// the regions where something was written in this frame. The mask's Head leaves the head to animation.</summary>
        public LayerSettings Authored
        {
            get { return authored; }
            set { Set(ref authored, value); }
        }

        /// <summary>Which blendshapes are driven; null before the face is bound or when no rig was recognised.</summary>
        public MatchReport Report
        {
            get { Bind(); return face == null ? null : face.Binding.Report; }
        }

        /// <summary>Blendshapes, over all renderers, that are driven.</summary>
        public int DrivenCount
        {
            get { Bind(); return face == null ? 0 : face.Binding.Slots.Length; }
        }

        /// <summary>Why nothing is driven, or null.</summary>
        public string Problem { get; private set; }

        /// <summary>The renderers to drive; none: all below this object.</summary>
        public void SetRenderers(params SkinnedMeshRenderer[] faces)
        {
            renderers = new List<SkinnedMeshRenderer>(faces);
            Rebind();
        }

        public void SetEyes(Transform left, Transform right, float degrees)
        {
            leftEye = left;
            rightEye = right;
            eyeDegrees = degrees;
            Rebind();
        }

        /// <summary>Finds blendshapes and bones anew: after a change of meshes that the driver cannot see.</summary>
        public void Rebind()
        {
            Undo();
            face = null;
            bound = false;
        }

        /// <summary>A layer for code to write, until it is removed.</summary>
        public TalkFaceLayer AddLayer(LayerSettings settings)
        {
            TalkFaceLayer layer = new TalkFaceLayer(settings);
            layers.Add(layer);
            if (face != null)
            {
                layer.Bind(mixer);
            }
            return layer;
        }

        public bool RemoveLayer(TalkFaceLayer layer)
        {
            if (face != null && layer != null && layer.Mixed != null)
            {
                mixer.Remove(layer.Mixed);
            }
            return layers.Remove(layer);
        }

        /// <summary>For baking: the bound rig, and the renderers that its slots count; null when no name is known.</summary>
        public RigBinding BindingForBake(out IReadOnlyList<SkinnedMeshRenderer> boundRenderers)
        {
            Bind();
            boundRenderers = face == null ? null : face.Renderers;
            return face == null ? null : face.Binding;
        }

        /// <summary>For baking: head and eyes that are given.</summary>
        public List<FaceBone> BonesForBake()
        {
            List<FaceBone> bones = new List<FaceBone>();
            if (head != null)
            {
                bones.Add(FaceBone.Head(head, headStrength));
            }
            if (leftEye != null)
            {
                bones.Add(FaceBone.Eye(leftEye, true, eyeDegrees));
            }
            if (rightEye != null)
            {
                bones.Add(FaceBone.Eye(rightEye, false, eyeDegrees));
            }
            return bones;
        }

        private void Set(ref LayerSettings settings, LayerSettings value)
        {
            bool moved = settings.priority != value.priority;
            settings = value;
            if (moved)
            {
                Rebind();
            }
        }
    }
}
