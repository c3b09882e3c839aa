using System.Collections.Generic;
using UniVRM10;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>
    /// Lets a TalkFaceDriver on this object or above show its face by the expressions of a VRM 1 character that UniVRM
    /// imported. UniVRM applies them later in the frame, and keeps its rules of which expressions exclude which.
    /// </summary>
    [AddComponentMenu("TalkFace/TalkFace VRM 1 Expressions")]
    [DisallowMultipleComponent]
    public sealed class TalkFaceVrm1 : MonoBehaviour, IWholeFaceTarget
    {
        [SerializeField, Tooltip("Found on this object, its parents and children when empty.")]
        private Vrm10Instance character;

        private readonly List<ExpressionKey> keys = new List<ExpressionKey>();

        public Vrm10Instance Character
        {
            get { return character; }
            set { character = value; }
        }

        /// <summary>The character's expressions: presets, and those of its own, such as ARKit's 52. In edit mode, where
        /// UniVRM does not run, the presets.</summary>
        public string[] FaceNames
        {
            get
            {
                Find();
                keys.Clear();
                if (character == null || character.Vrm == null)
                {
                    Debug.LogError(name + ": TalkFace VRM 1 Expressions finds no Vrm10Instance with a VRM: give it one", this);
                }
                else if (Application.isPlaying)
                {
                    keys.AddRange(character.Runtime.Expression.ExpressionKeys);
                }
                else
                {
                    AddPresets();
                }
                return keys.ConvertAll(key => key.Name).ToArray();
            }
        }

        public void Apply(int index, float value)
        {
            if (character != null)
            {
                character.Runtime.Expression.SetWeight(keys[index], value);
            }
        }

        private void AddPresets()
        {
            foreach (ExpressionPreset preset in System.Enum.GetValues(typeof(ExpressionPreset)))
            {
                if (preset != ExpressionPreset.custom)
                {
                    keys.Add(ExpressionKey.CreateFromPreset(preset));
                }
            }
        }

        private void Find()
        {
            if (character == null)
            {
                character = GetComponentInParent<Vrm10Instance>(true);
            }
            if (character == null)
            {
                character = GetComponentInChildren<Vrm10Instance>(true);
            }
        }
    }
}
