using System.Collections.Generic;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>
    /// Blendshapes of renderers, and face targets, bound to a rig map: reads what animation wrote, writes what the
    /// face shows. Weights are 0 to 1 here; each blendshape has its own scale (100 in FBX files, 1 in many glTF ones).
    /// </summary>
    internal sealed class FaceMeshes
    {
        /// <summary>Put in before animation, to see whether animation writes: far below what can be drawn.</summary>
        private const float Untouched = -0.0009765625f;

        private readonly SkinnedMeshRenderer[] renderers;
        private readonly Mesh[] meshes;
        private readonly IFaceTarget[] targets;
        private readonly float[] applied;

        private FaceMeshes(SkinnedMeshRenderer[] renderers, IFaceTarget[] targets, RigBinding binding)
        {
            this.renderers = renderers;
            this.targets = targets;
            Binding = binding;
            meshes = System.Array.ConvertAll(renderers, one => one.sharedMesh);
            applied = System.Array.ConvertAll(binding.Slots, slot => float.NaN);
        }

        public RigBinding Binding { get; private set; }

        public IReadOnlyList<SkinnedMeshRenderer> Renderers
        {
            get { return renderers; }
        }

        /// <summary>False when a renderer is gone or has another mesh: bind anew.</summary>
        public bool IsValid
        {
            get
            {
                for (int i = 0; i < renderers.Length; i++)
                {
                    if (renderers[i] == null || renderers[i].sharedMesh != meshes[i])
                    {
                        return false;
                    }
                }
                return true;
            }
        }

        /// <summary>Binds by name; a null map means: tell the rig. Null when nothing is known.</summary>
        public static FaceMeshes Bind(IList<SkinnedMeshRenderer> from, IFaceTarget[] targets, RigMapData map)
        {
            List<SkinnedMeshRenderer> renderers = new List<SkinnedMeshRenderer>();
            List<string[]> names = new List<string[]>();
            List<float[]> lasts = new List<float[]>();
            foreach (SkinnedMeshRenderer one in from)
            {
                if (one != null && one.sharedMesh != null && one.sharedMesh.blendShapeCount > 0)
                {
                    renderers.Add(one);
                    names.Add(NamesOf(one.sharedMesh));
                    lasts.Add(LastFrameWeights(one.sharedMesh));
                }
            }
            foreach (IFaceTarget target in targets)
            {
                string[] own = target.FaceNames;
                names.Add(own);
                lasts.Add(System.Array.ConvertAll(own, name => 1f));
            }
            RigBinding binding = map == null
                ? RigBinding.Auto(RigLibrary.Matcher, names, lasts)
                : RigBinding.Create(map, names, lasts);
            return binding == null ? null : new FaceMeshes(renderers.ToArray(), targets, binding);
        }

        public static string[] NamesOf(Mesh mesh)
        {
            string[] names = new string[mesh.blendShapeCount];
            for (int i = 0; i < names.Length; i++)
            {
                names[i] = mesh.GetBlendShapeName(i);
            }
            return names;
        }

        /// <summary>Before animation: marks every blendshape, so that ReadAuthored sees who wrote.</summary>
        public void Mark()
        {
            BlendshapeSlot[] slots = Binding.Slots;
            for (int i = 0; i < slots.Length; i++)
            {
                if (slots[i].Mesh < renderers.Length)
                {
                    renderers[slots[i].Mesh].SetBlendShapeWeight(slots[i].Index, Untouched * slots[i].Scale);
                }
            }
        }

        /// <summary>After animation: what was written since Mark, and the regions in which something was.</summary>
        public FaceRegion ReadAuthored(float[] into)
        {
            BlendshapeSlot[] slots = Binding.Slots;
            FaceRegion written = FaceRegion.None;
            for (int i = 0; i < slots.Length; i++)
            {
                into[i] = 0;
                if (slots[i].Mesh >= renderers.Length)
                {
                    continue;
                }
                float weight = renderers[slots[i].Mesh].GetBlendShapeWeight(slots[i].Index);
                if (weight != Untouched * slots[i].Scale)
                {
                    into[i] = weight / slots[i].Scale;
                    written |= slots[i].Region;
                }
            }
            return written;
        }

        /// <summary>Shows values, over whatever animation wrote; what has its value already is left alone.</summary>
        public void Write(float[] values, bool toTargets)
        {
            BlendshapeSlot[] slots = Binding.Slots;
            for (int i = 0; i < slots.Length; i++)
            {
                if (slots[i].Mesh < renderers.Length)
                {
                    Show(renderers[slots[i].Mesh], slots[i].Index, values[i] * slots[i].Scale);
                }
                else if (toTargets && values[i] != applied[i])
                {
                    applied[i] = values[i];
                    targets[slots[i].Mesh - renderers.Length].Apply(slots[i].Index, values[i]);
                }
            }
        }

        private static void Show(SkinnedMeshRenderer renderer, int index, float weight)
        {
            if (renderer.GetBlendShapeWeight(index) != weight)
            {
                renderer.SetBlendShapeWeight(index, weight);
            }
        }

        private static float[] LastFrameWeights(Mesh mesh)
        {
            float[] lasts = new float[mesh.blendShapeCount];
            for (int i = 0; i < lasts.Length; i++)
            {
                lasts[i] = mesh.GetBlendShapeFrameWeight(i, mesh.GetBlendShapeFrameCount(i) - 1);
            }
            return lasts;
        }
    }
}
