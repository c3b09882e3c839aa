// Written by tests/unity/loop/knobs.py from the library's table of knobs; do not edit.
using System;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>Post-processing of a voice; the ranges are the library's.</summary>
    [Serializable]
    public sealed class TalkFaceKnobs
    {
        [Range(0f, 2f), Tooltip("Gain of jaw, mouth and cheeks. Sealed lips stay sealed.")]
        public float lowerStrength = 1f;

        [Range(0f, 2f), Tooltip("Gain of brows, lids and gaze that the model gives.")]
        public float upperStrength = 1f;

        [Range(0f, 3f), Tooltip("Gain of tongueOut, on top of lower_strength.")]
        public float tongueStrength = 1f;

        [Range(0f, 200f), Tooltip("Half-life of smoothing of the lower face; the same at any frame rate.")]
        public float lowerSmoothingMs = 5f;

        [Range(0f, 500f), Tooltip("Half-life of smoothing of brows, lids and gaze that the model gives.")]
        public float upperSmoothingMs = 30f;

        [Range(0f, 1f), Tooltip("How fully lips seal on p, b and m. Applied after smoothing, so closures survive it.")]
        public float mouthClose = 1f;

        [Range(0.1f, 0.9f), Tooltip("Closure probability at which the lips are half sealed; lower seals more often.")]
        public float closureThreshold = 0.48f;

        [Range(0f, 1f), Tooltip("How fully the mouth comes to rest when nobody speaks, and at the end.")]
        public float silenceRest = 1f;

        [Range(0f, 1f), Tooltip("Idle blinks; 0 turns them off.")]
        public float blinkStrength = 1f;

        [Range(0f, 2f), Tooltip("Idle eye movement; 0 turns it off.")]
        public float gazeStrength = 1f;

        [Range(0f, 2f), Tooltip("Gain of the head motion that the model gives; 0 turns it off.")]
        public float headStrength = 1f;

        [Range(0f, 1f), Tooltip("How far pushed phones move the mouth instead of what the model hears; 0 ignores them.")]
        public float scriptStrength = 1f;

        [Range(0f, 2f), Tooltip("Brows that rise a little on stress; 0 turns them off.")]
        public float browStrength = 1f;

        [Range(0f, 2f), Tooltip("Breathing of the idle head; 0 turns it off.")]
        public float breathStrength = 1f;

        [Range(0.3f, 3f), Tooltip("Power of the probabilities heard; above 1 the likeliest emotion stands out.")]
        public float emotionContrast = 1f;

        [Range(1f, 7f), Tooltip("How many emotions beside neutral may show at once, of those that are heard.")]
        public float maxEmotions = 3f;

        [Range(0f, 5000f), Tooltip("Half-life of smoothing of what is heard; the same at any frame rate.")]
        public float emotionSmoothingMs = 250f;

        [Range(0f, 1f), Tooltip("How much of the emotion that is heard is shown; 0 shows only what is directed.")]
        public float emotionStrength = 0.6f;

        [Range(0f, 5000f), Tooltip("Time of a full change from one emotion to another, heard or directed.")]
        public float emotionTransitionMs = 500f;

        [Range(0f, 2f), Tooltip("Gain of all that emotion adds to the face; 0 gives the neutral face.")]
        public float expressionStrength = 1f;

        [Range(0f, 2f), Tooltip("Idle head sway; 0 turns it off.")]
        public float swayStrength = 0.6f;

        [NonSerialized]
        private KnobInfo[] knobs;

        [NonSerialized]
        private float[] given;

        [NonSerialized]
        private FaceStream stream;

        /// <summary>Hands on what has changed; to a new stream, all.</summary>
        public void Apply(FaceStream to)
        {
            if (to != stream)
            {
                knobs = KnobInfo.All;
                given = new float[knobs.Length];
                for (int i = 0; i < given.Length; i++)
                {
                    given[i] = knobs[i].Default;
                }
                stream = to;
            }
            Give(0, lowerStrength);
            Give(1, upperStrength);
            Give(2, tongueStrength);
            Give(3, lowerSmoothingMs);
            Give(4, upperSmoothingMs);
            Give(5, mouthClose);
            Give(6, closureThreshold);
            Give(7, silenceRest);
            Give(8, blinkStrength);
            Give(9, gazeStrength);
            Give(10, headStrength);
            Give(11, scriptStrength);
            Give(12, browStrength);
            Give(13, breathStrength);
            Give(14, emotionContrast);
            Give(15, maxEmotions);
            Give(16, emotionSmoothingMs);
            Give(17, emotionStrength);
            Give(18, emotionTransitionMs);
            Give(19, expressionStrength);
            Give(20, swayStrength);
        }

        private void Give(int index, float value)
        {
            if (given[index] != value)
            {
                stream.SetKnob(knobs[index], value);
                given[index] = value;
            }
        }
    }
}
