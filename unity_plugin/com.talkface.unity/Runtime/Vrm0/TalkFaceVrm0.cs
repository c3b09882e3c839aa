using System.Collections.Generic;
using UnityEngine;
using VRM;

namespace TalkFace.Unity
{
    /// <summary>
    /// Lets a TalkFaceDriver on this object or above show its face by the blend shape clips of a VRM 0 character that UniVRM
    /// imported. Clips that share a blendshape add up: all that are driven are given together, once a frame.
    /// </summary>
    [AddComponentMenu("TalkFace/TalkFace VRM 0 Clips")]
    [DefaultExecutionOrder(110)]
    [DisallowMultipleComponent]
    public sealed class TalkFaceVrm0 : MonoBehaviour, IWholeFaceTarget
    {
        [SerializeField, Tooltip("Found on this object, its parents and children when empty.")]
        private VRMBlendShapeProxy character;

        private readonly List<BlendShapeKey> keys = new List<BlendShapeKey>();
        private float[] values = new float[0];
        private bool[] driven = new bool[0];
        private bool changed;

        public VRMBlendShapeProxy Character
        {
            get { return character; }
            set { character = value; }
        }

        /// <summary>The character's clips: presets, and those of its own, such as ARKit's 52.</summary>
        public string[] FaceNames
        {
            get
            {
                Find();
                List<string> names = new List<string>();
                keys.Clear();
                if (character == null || character.BlendShapeAvatar == null)
                {
                    Debug.LogError(name + ": TalkFace VRM 0 Clips finds no VRMBlendShapeProxy with an avatar: give it one", this);
                }
                else
                {
                    foreach (BlendShapeClip clip in character.BlendShapeAvatar.Clips.FindAll(clip => clip != null))
                    {
                        keys.Add(BlendShapeKey.CreateFromClip(clip));
                        names.Add(clip.Preset == BlendShapePreset.Unknown ? clip.BlendShapeName : clip.Preset.ToString());
                    }
                }
                values = new float[keys.Count];
                driven = new bool[keys.Count];
                return names.ToArray();
            }
        }

        public void Apply(int index, float value)
        {
            values[index] = value;
            driven[index] = true;
            changed = true;
        }

        /// <summary>After the driver.</summary>
        private void LateUpdate()
        {
            if (!changed || character == null)
            {
                return;
            }
            changed = false;
            for (int i = 0; i < values.Length; i++)
            {
                if (driven[i])
                {
                    character.AccumulateValue(keys[i], values[i]);
                }
            }
            character.Apply();
        }

        /// <summary>Back to neutral: what the driver has said last, or would say later, is not shown.</summary>
        private void OnDisable()
        {
            System.Array.Clear(values, 0, values.Length);
            changed = true;
            LateUpdate();
        }

        private void Find()
        {
            if (character == null)
            {
                character = GetComponentInParent<VRMBlendShapeProxy>(true);
            }
            if (character == null)
            {
                character = GetComponentInChildren<VRMBlendShapeProxy>(true);
            }
        }
    }
}
