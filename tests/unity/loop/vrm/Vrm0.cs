using System.Collections.Generic;

namespace VRM
{
    public readonly partial struct BlendShapeKey
    {
        internal readonly BlendShapeClip SimClip;

        private BlendShapeKey(BlendShapeClip clip)
        {
            SimClip = clip;
        }

        private static BlendShapeKey SimKey(BlendShapeClip clip)
        {
            return new BlendShapeKey(clip);
        }
    }

    public partial class VRMBlendShapeProxy
    {
        /// <summary>What was applied last, by clip.</summary>
        public readonly Dictionary<BlendShapeClip, float> SimShown = new Dictionary<BlendShapeClip, float>();
        private readonly Dictionary<BlendShapeClip, float> m_Sum = new Dictionary<BlendShapeClip, float>();

        /// <summary>Clips that Apply has put on the meshes.</summary>
        public int SimApplied;

        private void SimAccumulate(BlendShapeKey key, float value)
        {
            float sum;
            m_Sum.TryGetValue(key.SimClip, out sum);
            m_Sum[key.SimClip] = sum + value;
        }

        private void SimApply()
        {
            foreach (var clip in m_Sum)
                SimShown[clip.Key] = clip.Value;
            SimApplied += m_Sum.Count;
            m_Sum.Clear();
        }
    }
}
