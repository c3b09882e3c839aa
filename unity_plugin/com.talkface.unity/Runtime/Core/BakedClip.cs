using System;
using System.Collections.Generic;

namespace TalkFace
{
    /// <summary>One value over time, straight lines between keys, held before the first and after the last.</summary>
    [Serializable]
    public sealed class BakedCurve
    {
        /// <summary>A channel, "viseme_PP", or "head.rotation.x" to w and "head.translation.x" to z.</summary>
        public string Name;

        public float[] Times;
        public float[] Values;

        /// <summary>Slope of the line that leaves key i, for linear tangents; 0 after the last.</summary>
        public float SlopeAfter(int i)
        {
            return i + 1 < Times.Length ? (Values[i + 1] - Values[i]) / (Times[i + 1] - Times[i]) : 0;
        }

        public float At(float seconds)
        {
            int last = Times.Length - 1;
            if (!(seconds > Times[0]))
            {
                return Values[0];
            }
            if (seconds >= Times[last])
            {
                return Values[last];
            }
            int low = 0;
            int high = last;
            while (high - low > 1)
            {
                int middle = (low + high) / 2;
                if (Times[middle] <= seconds)
                {
                    low = middle;
                }
                else
                {
                    high = middle;
                }
            }
            float share = (seconds - Times[low]) / (Times[high] - Times[low]);
            return Values[low] + ((Values[high] - Values[low]) * share);
        }
    }

    /// <summary>An utterance baked into curves; played without the native library. Sample allocates nothing.</summary>
    [Serializable]
    public sealed class BakedClip
    {
        public const string HeadRotation = "head.rotation.";
        public const string HeadTranslation = "head.translation.";
        public float Seconds;
        public float FrameRate;

        /// <summary>Largest difference between a curve and its frames.</summary>
        public float MaxError;

        /// <summary>Curves that move; a channel without one stays neutral.</summary>
        public BakedCurve[] Curves = new BakedCurve[0];

        [NonSerialized]
        private int[] slots;

        /// <summary>Makes curves of frames.</summary>
        public static BakedClip FromFrames(IList<FacePose> frames, float frameRate, float maxError)
        {
            if (!(frameRate > 0))
            {
                throw new ArgumentOutOfRangeException("frameRate", frameRate, "frames a second, above 0");
            }
            float[] times = new float[frames.Count];
            for (int i = 0; i < times.Length; i++)
            {
                times[i] = (float)frames[i].Seconds;
            }
            List<BakedCurve> curves = new List<BakedCurve>();
            for (int slot = 0; slot < BakedSlots.Count; slot++)
            {
                BakedCurve curve = Curve(frames, times, slot, maxError);
                if (curve != null)
                {
                    curves.Add(curve);
                }
            }
            return new BakedClip
            {
                Curves = curves.ToArray(),
                FrameRate = frameRate,
                MaxError = maxError,
                Seconds = times.Length == 0 ? 0 : times[times.Length - 1],
            };
        }

        /// <summary>The pose at a time; past the ends the first and last frame are held.</summary>
        public void Sample(double seconds, FacePose into)
        {
            if (slots == null || slots.Length != Curves.Length)
            {
                slots = Array.ConvertAll(Curves, curve => BakedSlots.Index(curve.Name));
            }
            into.Clear();
            into.Seconds = seconds;
            for (int i = 0; i < slots.Length; i++)
            {
                BakedSlots.Set(into, slots[i], Curves[i].At((float)seconds));
            }
            into.HeadRotation = into.HeadRotation.Unit;
        }

        /// <summary>The curve of that name, or null: it stays neutral.</summary>
        public BakedCurve Find(string name)
        {
            return Array.Find(Curves, curve => curve.Name == name);
        }

        private static BakedCurve Curve(IList<FacePose> frames, float[] times, int slot, float maxError)
        {
            float[] values = new float[times.Length];
            bool moves = false;
            float rest = BakedSlots.Rest(slot);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = BakedSlots.Get(frames[i], slot);
                moves |= Math.Abs(values[i] - rest) > maxError;
            }
            if (!moves)
            {
                return null;
            }
            int[] kept = CurveReducer.Reduce(times, values, maxError);
            return new BakedCurve
            {
                Name = BakedSlots.Name(slot),
                Times = Array.ConvertAll(kept, i => times[i]),
                Values = Array.ConvertAll(kept, i => values[i]),
            };
        }
    }

    /// <summary>Values of a pose by one index: channels, visemes, head rotation x y z w, head translation x y z.</summary>
    internal static class BakedSlots
    {
        public const int Count = Rotation + 7;
        private const int Visemes = FacePose.ChannelCount;
        private const int Rotation = Visemes + FacePose.VisemeCount;
        private const string Letters = "xyzw";

        public static string Name(int slot)
        {
            if (slot < Visemes)
            {
                return Names.Channels[slot];
            }
            if (slot < Rotation)
            {
                return "viseme_" + Names.Visemes[slot - Visemes];
            }
            int place = slot - Rotation;
            return place < 4 ? BakedClip.HeadRotation + Letters[place] : BakedClip.HeadTranslation + Letters[place - 4];
        }

        public static int Index(string name)
        {
            for (int slot = 0; slot < Count; slot++)
            {
                if (Name(slot) == name)
                {
                    return slot;
                }
            }
            throw new FormatException("a baked clip has a curve '" + name + "', which is nothing of a pose");
        }

        /// <summary>Neutral: 1 for a quaternion's w, else 0.</summary>
        public static float Rest(int slot)
        {
            return slot == Rotation + 3 ? 1 : 0;
        }

        public static float Get(FacePose pose, int slot)
        {
            if (slot < Visemes)
            {
                return pose.Weights[slot];
            }
            if (slot < Rotation)
            {
                return pose.Visemes[slot - Visemes];
            }
            switch (slot - Rotation)
            {
                case 0: return pose.HeadRotation.X;
                case 1: return pose.HeadRotation.Y;
                case 2: return pose.HeadRotation.Z;
                case 3: return pose.HeadRotation.W;
                case 4: return pose.HeadTranslation.X;
                case 5: return pose.HeadTranslation.Y;
                default: return pose.HeadTranslation.Z;
            }
        }

        public static void Set(FacePose pose, int slot, float value)
        {
            if (slot < Visemes)
            {
                pose.Weights[slot] = value;
                return;
            }
            if (slot < Rotation)
            {
                pose.Visemes[slot - Visemes] = value;
                return;
            }
            switch (slot - Rotation)
            {
                case 0: pose.HeadRotation.X = value; break;
                case 1: pose.HeadRotation.Y = value; break;
                case 2: pose.HeadRotation.Z = value; break;
                case 3: pose.HeadRotation.W = value; break;
                case 4: pose.HeadTranslation.X = value; break;
                case 5: pose.HeadTranslation.Y = value; break;
                default: pose.HeadTranslation.Z = value; break;
            }
        }
    }
}
