using System;
using System.Collections.Generic;

namespace TalkFace
{
    /// <summary>One blendshape of one mesh that a binding drives.</summary>
    public struct BlendshapeSlot
    {
        /// <summary>Index of the mesh, and of the blendshape on it.</summary>
        public int Mesh;
        public int Index;

        /// <summary>Row of the map.</summary>
        public int Target;

        /// <summary>Weight of full deflection: 100 or 1.</summary>
        public float Scale;

        public FaceRegion Region;
    }

    /// <summary>A rig map bound to the blendshapes of a character's meshes. Made once; Evaluate allocates nothing.</summary>
    public sealed class RigBinding
    {
        private readonly float[] targets;

        private RigBinding(RigMapData map, MatchReport report, BlendshapeSlot[] slots)
        {
            Map = map;
            Report = report;
            Slots = slots;
            targets = new float[map.Rows.Length];
            Values = new float[slots.Length];
        }

        public RigMapData Map { get; private set; }
        public MatchReport Report { get; private set; }

        /// <summary>What is driven, mesh by mesh. Targets without a source are left to others.</summary>
        public BlendshapeSlot[] Slots { get; private set; }

        /// <summary>Of each slot, normally 0 to 1: times its Scale it is the blendshape's weight.</summary>
        public float[] Values { get; private set; }

        /// <summary>Regions of the slots, for a LayerMixer.</summary>
        public FaceRegion[] SlotRegions
        {
            get { return Array.ConvertAll(Slots, slot => slot.Region); }
        }

        /// <summary>Tells the rig of all meshes together and binds it; null when no rig is known.</summary>
        /// <param name="matcher">the maps to choose from</param>
        /// <param name="meshes">blendshape names of each mesh, in the mesh's order</param>
        /// <param name="lastFrameWeights">of each blendshape, its last frame's weight</param>
        public static RigBinding Auto(
            ChannelMatcher matcher, IList<string[]> meshes, IList<float[]> lastFrameWeights)
        {
            List<string> all = new List<string>();
            foreach (string[] names in meshes)
            {
                all.AddRange(names);
            }
            string rig = matcher.Identify(all);
            return rig == null ? null : Create(matcher[rig], meshes, lastFrameWeights);
        }

        /// <summary>Binds a map to meshes by name, in any spelling.</summary>
        public static RigBinding Create(RigMapData map, IList<string[]> meshes, IList<float[]> lastFrameWeights)
        {
            if (meshes.Count != lastFrameWeights.Count)
            {
                throw new ArgumentException("give a list of frame weights for each mesh", "lastFrameWeights");
            }
            List<string> all = new List<string>();
            List<BlendshapeSlot> slots = new List<BlendshapeSlot>();
            Dictionary<string, string> byKey = ChannelMatcher.Keys(map);
            for (int mesh = 0; mesh < meshes.Count; mesh++)
            {
                if (meshes[mesh].Length != lastFrameWeights[mesh].Length)
                {
                    throw new ArgumentException("mesh " + mesh + " needs a frame weight for each name", "lastFrameWeights");
                }
                for (int index = 0; index < meshes[mesh].Length; index++)
                {
                    string name = meshes[mesh][index];
                    if (!all.Contains(name))
                    {
                        all.Add(name);
                    }
                    string target = ChannelMatcher.Find(name, map, byKey);
                    int row = target == null ? -1 : map.IndexOf(target);
                    if (row >= 0 && map.Rows[row].Sources.Length > 0)
                    {
                        slots.Add(new BlendshapeSlot
                        {
                            Mesh = mesh,
                            Index = index,
                            Target = row,
                            Scale = ChannelMatcher.Scale(lastFrameWeights[mesh][index]),
                            Region = Regions.Of(map.Rows[row]),
                        });
                    }
                }
            }
            return new RigBinding(map, ChannelMatcher.Match(all, map), slots.ToArray());
        }

        /// <summary>Fills Values for a pose.</summary>
        public void Evaluate(FacePose pose)
        {
            Evaluate(pose.Weights, pose.Visemes);
        }

        public void Evaluate(float[] weights, float[] visemes)
        {
            Map.Evaluate(weights, visemes, targets);
            for (int i = 0; i < Slots.Length; i++)
            {
                Values[i] = targets[Slots[i].Target];
            }
        }
    }
}
