using System;
using System.Collections.Generic;

namespace TalkFace
{
    /// <summary>How to bake.</summary>
    public sealed class BakeOptions
    {
        /// <summary>Frames a second, as a fraction.</summary>
        public int FrameRateNum = 60;
        public int FrameRateDen = 1;

        /// <summary>Of blinks, gaze and head.</summary>
        public ulong Seed;

        /// <summary>Largest error of the reduced curves.</summary>
        public float MaxError = 0.005f;

        /// <summary>A style file's JSON, or null.</summary>
        public string Style;

        /// <summary>Eight shares, or null: the emotion that is heard.</summary>
        public float[] Emotion;

        /// <summary>How far Emotion replaces what is heard, 0 to 1.</summary>
        public float EmotionWeight = 1;

        /// <summary>Timed phones of what is said, or null.</summary>
        public Phone[] Phones;

        /// <summary>Knobs that differ from their defaults.</summary>
        public readonly Dictionary<string, float> Knobs = new Dictionary<string, float>();
    }

    /// <summary>Turns whole sounds into frames and clips; for editors and loading screens.</summary>
    public static class FaceBaker
    {
        private const int Chunk = 8192;

        /// <summary>Bakes interleaved audio; null when progress said no.</summary>
        /// <param name="model">the model</param>
        /// <param name="samples">interleaved, -1 to 1</param>
        /// <param name="channels">1 to 8</param>
        /// <param name="sampleRate">8000 to 192000 Hz</param>
        /// <param name="options">null: the defaults</param>
        /// <param name="progress">called with 0 to 1; returns false to cancel; may be null</param>
        public static BakedClip Bake(
            FaceModel model, float[] samples, int channels, int sampleRate, BakeOptions options = null,
            Func<float, bool> progress = null)
        {
            BakeOptions wanted = options ?? new BakeOptions();
            List<FacePose> frames = Frames(model, samples, channels, sampleRate, wanted, progress);
            float rate = (float)wanted.FrameRateNum / wanted.FrameRateDen;
            return frames == null ? null : BakedClip.FromFrames(frames, rate, wanted.MaxError);
        }

        /// <summary>As Bake, every frame as it comes; null when progress said no.</summary>
        public static List<FacePose> Frames(
            FaceModel model, float[] samples, int channels, int sampleRate, BakeOptions options,
            Func<float, bool> progress = null)
        {
            FaceStreamOptions made = new FaceStreamOptions
            {
                SampleRate = sampleRate,
                Channels = channels,
                FrameRateNum = options.FrameRateNum,
                FrameRateDen = options.FrameRateDen,
                Seed = options.Seed,
                Sampling = false,
                TimedCapacity = Math.Max(1024, options.Phones == null ? 0 : options.Phones.Length * 2),
            };
            using (FaceStream stream = new FaceStream(model, made))
            {
                Prepare(stream, options);
                return Run(stream, samples, samples.Length / channels, progress);
            }
        }

        private static void Prepare(FaceStream stream, BakeOptions options)
        {
            if (!string.IsNullOrEmpty(options.Style))
            {
                stream.SetStyle(options.Style);
            }
            foreach (KeyValuePair<string, float> knob in options.Knobs)
            {
                stream.SetKnob(knob.Key, knob.Value);
            }
            if (options.Emotion != null)
            {
                stream.SetEmotion(options.Emotion, options.EmotionWeight);
            }
            if (options.Phones != null && stream.PushPhones(options.Phones) < options.Phones.Length)
            {
                throw new ArgumentException("a sound may have at most 32768 phones: cut it into lines", "options");
            }
        }

        private static List<FacePose> Run(FaceStream stream, float[] samples, int total, Func<float, bool> progress)
        {
            List<FacePose> frames = new List<FacePose>();
            int pushed = 0;
            bool flushed = false;
            FaceStatus status;
            do
            {
                int channels = stream.Options.Channels;
                pushed += stream.Push(samples, pushed * channels, Math.Min(Chunk, total - pushed));
                if (pushed == total && !flushed)
                {
                    flushed = stream.Flush();
                }
                status = stream.Process();
                Take(stream, frames);
                if (progress != null && !progress(total == 0 ? 1 : (float)pushed / total))
                {
                    return null;
                }
            }
            while (pushed < total || !flushed || status == FaceStatus.Full);
            return frames;
        }

        private static void Take(FaceStream stream, List<FacePose> frames)
        {
            FacePose[] one = new FacePose[1];
            while (true)
            {
                one[0] = new FacePose();
                if (stream.Read(one, 0, 1) == 0)
                {
                    return;
                }
                frames.Add(one[0]);
            }
        }
    }
}
