using System;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>An utterance baked into curves, with its sound; plays without the native library.</summary>
    public sealed class BakedFaceAsset : ScriptableObject
    {
        [SerializeField]
        private AudioClip audio;

        [SerializeField]
        private BakedClip baked = new BakedClip();

        /// <summary>The sound that it was baked from.</summary>
        public AudioClip Audio
        {
            get { return audio; }
        }

        public BakedClip Baked
        {
            get { return baked; }
        }

        public void Set(AudioClip sound, BakedClip clip)
        {
            if (clip == null)
            {
                throw new ArgumentNullException("clip", "bake first: FaceBaker.Bake");
            }
            audio = sound;
            baked = clip;
        }
    }
}
