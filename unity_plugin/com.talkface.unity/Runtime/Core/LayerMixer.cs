using System;
using System.Collections.Generic;

namespace TalkFace
{
    public enum LayerMode
    {
        /// <summary>Replaces what lies below, as far as the layer's weight goes.</summary>
        Override = 0,

        /// <summary>Is added to what lies below, times the layer's weight.</summary>
        Additive = 1,
    }

    /// <summary>One source of values: speech, an Animator's authored values, a cutscene.</summary>
    public sealed class FaceLayer
    {
        /// <param name="slots">how many values: 52 channels, or a binding's slots</param>
        public FaceLayer(int slots)
        {
            Values = new float[slots];
        }

        /// <summary>Written by the owner each frame.</summary>
        public readonly float[] Values;

        public Quat HeadRotation = Quat.Identity;
        public Vec3 HeadTranslation;

        /// <summary>Turns of eye bones; they go with the region Eyes.</summary>
        public Quat LeftEye = Quat.Identity;
        public Quat RightEye = Quat.Identity;
        public FaceRegion Mask = FaceRegion.All;
        public LayerMode Mode = LayerMode.Override;

        /// <summary>0: not there; 1: fully.</summary>
        public float Weight = 1;

        /// <summary>Higher ones are applied later, so they win; set it before adding the layer.</summary>
        public int Priority;
    }

    /// <summary>Mixes layers by region, priority and mode. Mix allocates nothing.</summary>
    public sealed class LayerMixer
    {
        private readonly FaceRegion[] regions;
        private readonly List<FaceLayer> layers = new List<FaceLayer>();

        /// <param name="slotRegions">the region of each value: Regions.Channels, or RigBinding.SlotRegions</param>
        public LayerMixer(FaceRegion[] slotRegions)
        {
            regions = (FaceRegion[])slotRegions.Clone();
        }

        public int SlotCount
        {
            get { return regions.Length; }
        }

        public int LayerCount
        {
            get { return layers.Count; }
        }

        public Quat HeadRotation { get; private set; }
        public Vec3 HeadTranslation { get; private set; }
        public Quat LeftEye { get; private set; }
        public Quat RightEye { get; private set; }

        /// <summary>Adds a layer above all of its priority.</summary>
        public void Add(FaceLayer layer)
        {
            if (layer.Values.Length != regions.Length)
            {
                throw new ArgumentException(
                    "the layer has " + layer.Values.Length + " values and the mixer " + regions.Length, "layer");
            }
            if (layers.Contains(layer))
            {
                throw new ArgumentException("the layer is in the mixer already", "layer");
            }
            int at = layers.Count;
            while (at > 0 && layers[at - 1].Priority > layer.Priority)
            {
                at--;
            }
            layers.Insert(at, layer);
        }

        public bool Remove(FaceLayer layer)
        {
            return layers.Remove(layer);
        }

        /// <summary>All layers from the lowest priority up, over neutral; values are clipped to 0..1 at the end.</summary>
        public void Mix(float[] into)
        {
            if (into.Length != regions.Length)
            {
                throw new ArgumentException("into needs " + regions.Length + " values", "into");
            }
            Array.Clear(into, 0, into.Length);
            HeadRotation = Quat.Identity;
            HeadTranslation = new Vec3();
            LeftEye = Quat.Identity;
            RightEye = Quat.Identity;
            for (int i = 0; i < layers.Count; i++)
            {
                Apply(layers[i], into);
            }
            for (int i = 0; i < into.Length; i++)
            {
                into[i] = Math.Min(Math.Max(into[i], 0), 1);
            }
        }

        private void Apply(FaceLayer layer, float[] into)
        {
            float weight = layer.Weight > 0 ? Math.Min(layer.Weight, 1) : 0;
            if (weight == 0)
            {
                return;
            }
            bool adds = layer.Mode == LayerMode.Additive;
            for (int i = 0; i < into.Length; i++)
            {
                if ((regions[i] & layer.Mask) != 0)
                {
                    into[i] += (layer.Values[i] - (adds ? 0 : into[i])) * weight;
                }
            }
            if ((layer.Mask & FaceRegion.Head) != 0)
            {
                ApplyHead(layer, weight, adds);
            }
            if ((layer.Mask & FaceRegion.Eyes) != 0)
            {
                LeftEye = Turned(LeftEye, layer.LeftEye, weight, adds);
                RightEye = Turned(RightEye, layer.RightEye, weight, adds);
            }
        }

        private void ApplyHead(FaceLayer layer, float weight, bool adds)
        {
            Vec3 below = adds ? new Vec3() : HeadTranslation;
            HeadTranslation = new Vec3(
                HeadTranslation.X + ((layer.HeadTranslation.X - below.X) * weight),
                HeadTranslation.Y + ((layer.HeadTranslation.Y - below.Y) * weight),
                HeadTranslation.Z + ((layer.HeadTranslation.Z - below.Z) * weight));
            HeadRotation = Turned(HeadRotation, layer.HeadRotation, weight, adds);
        }

        private static Quat Turned(Quat below, Quat turn, float weight, bool adds)
        {
            return adds ? below * Quat.Mix(Quat.Identity, turn, weight) : Quat.Mix(below, turn, weight);
        }
    }
}
