using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>Emotion: what is asked for, and what the pose shows.</summary>
    public sealed partial class TalkFaceSource
    {
        /// <summary>Seconds for which another emotion must be the strongest one before the event.</summary>
        private const float EmotionHold = 0.25f;

        private readonly float[] givenEmotion = new float[FacePose.EmotionCount];
        private float givenEmotionWeight;
        private int shownEmotion;
        private int nextEmotion;
        private float nextEmotionFor;

        /// <summary>How much of an emotion the face shows: what is heard, replaced as far as EmotionWeight says.</summary>
        public float ShownEmotion(int index)
        {
            return Mathf.Lerp(pose.Emotion[index], emotion[index], emotionWeight);
        }

        private void ApplyEmotion()
        {
            bool changed = emotionWeight != givenEmotionWeight;
            for (int i = 0; i < emotion.Length && emotionWeight > 0; i++)
            {
                changed |= emotion[i] != givenEmotion[i];
            }
            if (!changed)
            {
                return;
            }
            givenEmotionWeight = emotionWeight;
            emotion.CopyTo(givenEmotion, 0);
            stream.SetEmotion(emotion, emotionWeight);
        }

        private void WatchEmotion()
        {
            int strongest = 0;
            for (int i = 1; i < FacePose.EmotionCount; i++)
            {
                strongest = ShownEmotion(i) > ShownEmotion(strongest) ? i : strongest;
            }
            if (strongest == shownEmotion)
            {
                nextEmotionFor = 0;
                return;
            }
            nextEmotionFor = strongest == nextEmotion ? nextEmotionFor + Time.unscaledDeltaTime : 0;
            nextEmotion = strongest;
            if (nextEmotionFor >= EmotionHold)
            {
                shownEmotion = strongest;
                nextEmotionFor = 0;
                onEmotionChanged.Invoke(Names.Emotions[strongest], ShownEmotion(strongest));
            }
        }
    }
}
