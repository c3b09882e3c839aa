using System;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>How one source of values is mixed into a face.</summary>
    [Serializable]
    public struct LayerSettings
    {
        [Tooltip("Parts of the face that the layer has a say in.")]
        public FaceRegion mask;

        public LayerMode mode;

        [Range(0, 1)]
        public float weight;

        [Tooltip("Higher ones are applied later, so they win. Speech has 0.")]
        public int priority;

        public LayerSettings(FaceRegion mask, LayerMode mode, float weight, int priority)
        {
            this.mask = mask;
            this.mode = mode;
            this.weight = weight;
            this.priority = priority;
        }
    }

    /// <summary>A layer that code writes, by ARKit's channels, on any rig: TalkFaceDriver.AddLayer gives one.</summary>
    public sealed class TalkFaceLayer
    {
        internal TalkFaceLayer(LayerSettings settings)
        {
            Pose = new FacePose();
            Mask = settings.mask;
            Mode = settings.mode;
            Weight = settings.weight;
            Priority = settings.priority;
        }

        /// <summary>Write it whenever you like; the next frame shows it.</summary>
        public FacePose Pose { get; private set; }

        public FaceRegion Mask { get; set; }

        public LayerMode Mode { get; set; }

        /// <summary>0: not there; 1: fully.</summary>
        public float Weight { get; set; }

        /// <summary>Speech has 0. Fixed when the layer is made.</summary>
        public int Priority { get; private set; }

        internal FaceLayer Mixed { get; private set; }

        internal void Bind(LayerMixer mixer)
        {
            Mixed = new FaceLayer(mixer.SlotCount) { Priority = Priority };
            mixer.Add(Mixed);
        }

        internal void Evaluate(RigBinding binding, FaceBone leftEye, FaceBone rightEye)
        {
            Mixed.Mask = Mask;
            Mixed.Mode = Mode;
            Mixed.Weight = Weight;
            if (Weight > 0)
            {
                binding.Evaluate(Pose);
                binding.Values.CopyTo(Mixed.Values, 0);
                Mixed.HeadRotation = Pose.HeadRotation;
                Mixed.HeadTranslation = Pose.HeadTranslation;
                Mixed.LeftEye = leftEye.Turn(Pose);
                Mixed.RightEye = rightEye.Turn(Pose);
            }
        }
    }
}
