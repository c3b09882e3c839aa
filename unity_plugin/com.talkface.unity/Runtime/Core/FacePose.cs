using System;
using TalkFace.Native;

namespace TalkFace
{
    /// <summary>What sampling says of a pose beside its values.</summary>
    [Flags]
    public enum PoseFlags
    {
        None = 0,

        /// <summary>No frame at the playhead: the newest one is held.</summary>
        Held = 1,

        /// <summary>Underrun went on: easing to neutral, or already there.</summary>
        Easing = 2,

        /// <summary>The playhead lies before the oldest stored frame.</summary>
        Early = 4,

        /// <summary>No frame has been made yet: the neutral pose.</summary>
        Empty = 8,
    }

    /// <summary>
    /// All values of one face at one time. Made once, then filled by every sample; nothing is allocated after that.
    /// </summary>
    public sealed class FacePose
    {
        public const int ChannelCount = NativeLimits.ChannelCount;
        public const int EmotionCount = NativeLimits.EmotionCount;
        public const int VisemeCount = NativeLimits.VisemeCount;

        /// <summary>0 to 1, in the order of <see cref="Names.Channels"/>.</summary>
        public readonly float[] Weights = new float[ChannelCount];

        /// <summary>0 to 1, in the order of <see cref="Names.Emotions"/>; all 0 when the bundle hears none.</summary>
        public readonly float[] Emotion = new float[EmotionCount];

        /// <summary>Probabilities, in the order of <see cref="Names.Visemes"/>; all 0 when the bundle gives none.</summary>
        public readonly float[] Visemes = new float[VisemeCount];

        /// <summary>About the neck, in TalkFace's axes; <see cref="Axes.ToUnity(Quat)"/> gives Unity's.</summary>
        public Quat HeadRotation = Quat.Identity;

        /// <summary>Metres, in TalkFace's axes; <see cref="Axes.ToUnity(Vec3)"/> gives Unity's.</summary>
        public Vec3 HeadTranslation;

        public float Valence;
        public float Arousal;
        public PoseFlags Flags;

        /// <summary>Frame number on the stream's grid, or for a sampled pose the playhead in input samples.</summary>
        public long Frame;

        public double Seconds;

        /// <summary>Head rotation for a Unity transform's localRotation, relative to its rest.</summary>
        public Quat UnityHeadRotation
        {
            get { return Axes.ToUnity(HeadRotation); }
        }

        /// <summary>Head translation for a Unity transform's localPosition in metres, relative to its rest.</summary>
        public Vec3 UnityHeadTranslation
        {
            get { return Axes.ToUnity(HeadTranslation); }
        }

        /// <summary>Index of the strongest emotion; 0 (neutral) when all are 0.</summary>
        public int StrongestEmotion
        {
            get
            {
                int best = 0;
                for (int i = 1; i < EmotionCount; i++)
                {
                    best = Emotion[i] > Emotion[best] ? i : best;
                }
                return best;
            }
        }

        public float this[Channel channel]
        {
            get { return Weights[(int)channel]; }
            set { Weights[(int)channel] = value; }
        }

        /// <summary>Neutral: all 0, head straight.</summary>
        public void Clear()
        {
            Array.Clear(Weights, 0, ChannelCount);
            Array.Clear(Emotion, 0, EmotionCount);
            Array.Clear(Visemes, 0, VisemeCount);
            HeadRotation = Quat.Identity;
            HeadTranslation = new Vec3();
            Valence = 0;
            Arousal = 0;
            Flags = PoseFlags.None;
            Frame = 0;
            Seconds = 0;
        }

        public void CopyFrom(FacePose other)
        {
            Array.Copy(other.Weights, Weights, ChannelCount);
            Array.Copy(other.Emotion, Emotion, EmotionCount);
            Array.Copy(other.Visemes, Visemes, VisemeCount);
            HeadRotation = other.HeadRotation;
            HeadTranslation = other.HeadTranslation;
            Valence = other.Valence;
            Arousal = other.Arousal;
            Flags = other.Flags;
            Frame = other.Frame;
            Seconds = other.Seconds;
        }

        internal unsafe void Take(NativePose* from)
        {
            Copy(from->Weights, Weights);
            Copy(from->Emotion, Emotion);
            Copy(from->Visemes, Visemes);
            HeadRotation = new Quat(
                from->HeadRotation[0], from->HeadRotation[1], from->HeadRotation[2], from->HeadRotation[3]);
            HeadTranslation = new Vec3(
                from->HeadTranslation[0], from->HeadTranslation[1], from->HeadTranslation[2]);
            Valence = from->Valence;
            Arousal = from->Arousal;
            Flags = (PoseFlags)from->Flags;
            Frame = from->Frame;
            Seconds = from->Seconds;
        }

        private static unsafe void Copy(float* from, float[] to)
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = from[i];
            }
        }
    }
}
