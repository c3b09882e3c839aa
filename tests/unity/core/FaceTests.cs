using System;
using System.Collections.Generic;

namespace TalkFace.Tests
{
    /// <summary>Axes: Unity's formulas are written out, so that a sign that is wrong twice is noticed.</summary>
    [Tests]
    public static class AxesTests
    {
        private static readonly float Sine = (float)Math.Sin(Math.PI / 12);
        private static readonly float Cosine = (float)Math.Cos(Math.PI / 12);

        /// <summary>Unity, for a character that looks along +Z: +X is its right, +Y up.</summary>
        private static Vec3 FaceAfter(Quat rotation)
        {
            return Axes.ToUnity(rotation).Turn(new Vec3(0, 0, 1));
        }

        public static void NodLooksDown()
        {
            Vec3 face = FaceAfter(new Quat(Sine, 0, 0, Cosine));
            Check.Near(-0.5, face.Y, 1e-6, "down by 30 degrees");
            Check.Near(0, face.X, 1e-6, "not to a side");
        }

        public static void TurnGoesToTheCharactersLeft()
        {
            Vec3 face = FaceAfter(new Quat(0, Sine, 0, Cosine));
            Check.Near(-0.5, face.X, 1e-6, "to its left, Unity's -X");
            Check.Near(0, face.Y, 1e-6, "not up");
        }

        public static void TiltLowersTheRightEar()
        {
            Quat unity = Axes.ToUnity(new Quat(0, 0, Sine, Cosine));
            Check.Near(-0.5, unity.Turn(new Vec3(1, 0, 0)).Y, 1e-6, "the right ear, Unity's +X, goes down");
            Check.Near(0.5, unity.Turn(new Vec3(-1, 0, 0)).Y, 1e-6, "the left ear goes up");
        }

        public static void CombinedTurnsMirror()
        {
            Quat turn = new Quat(0, Sine, 0, Cosine);
            Quat nod = new Quat(Sine, 0, 0, Cosine);
            Quat tilt = new Quat(0, 0, Sine, Cosine);
            Quat head = turn * nod * tilt;
            Vec3[] points = { new Vec3(1, 0, 0), new Vec3(0, 1, 0), new Vec3(0.2f, -0.4f, 0.7f) };
            foreach (Vec3 point in points)
            {
                Vec3 one = Axes.ToUnity(head.Turn(point));
                Vec3 other = Axes.ToUnity(head).Turn(Axes.ToUnity(point));
                Check.Near(one.X, other.X, 1e-6, "x");
                Check.Near(one.Y, other.Y, 1e-6, "y");
                Check.Near(one.Z, other.Z, 1e-6, "z");
            }
        }

        public static void TranslationMirrorsX()
        {
            FacePose pose = new FacePose { HeadTranslation = new Vec3(0.01f, 0.02f, 0.03f) };
            Check.Near(-0.01, pose.UnityHeadTranslation.X, 1e-9, "to its left");
            Check.Near(0.02, pose.UnityHeadTranslation.Y, 1e-9, "up");
            Check.Near(0.03, pose.UnityHeadTranslation.Z, 1e-9, "forward");
        }

        public static void MixGoesTheShortWay()
        {
            Quat a = new Quat(Sine, 0, 0, Cosine);
            Quat far = new Quat(-Sine, 0, 0, -Cosine);
            Quat mixed = Quat.Mix(a, far, 0.5f);
            Check.Near(1, Math.Abs((a.X * mixed.X) + (a.W * mixed.W)), 1e-6, "the same rotation");
            Check.Near(1, new Quat(0, 0, 0, 0).Unit.W, 0, "no length is identity");
        }
    }

    [Tests]
    public static class LayerTests
    {
        private static readonly int Jaw = (int)Channel.JawOpen;
        private static readonly int Blink = (int)Channel.EyeBlinkLeft;
        private static readonly int Brow = (int)Channel.BrowInnerUp;

        private static FaceLayer Layer(float value, int priority)
        {
            FaceLayer layer = new FaceLayer(FacePose.ChannelCount) { Priority = priority };
            for (int i = 0; i < layer.Values.Length; i++)
            {
                layer.Values[i] = value;
            }
            return layer;
        }

        public static void RegionsCoverEveryChannel()
        {
            Dictionary<FaceRegion, int> counts = new Dictionary<FaceRegion, int>();
            foreach (FaceRegion region in Regions.Channels)
            {
                int count;
                counts.TryGetValue(region, out count);
                counts[region] = count + 1;
            }
            Check.Equal(14, counts[FaceRegion.Eyes], "eyes");
            Check.Equal(4, counts[FaceRegion.Jaw], "jaw");
            Check.Equal(5, counts[FaceRegion.Brows], "brows");
            Check.Equal(5, counts[FaceRegion.Cheeks], "cheeks and nose");
            Check.Equal(24, counts[FaceRegion.Lips], "lips and tongue");
            Check.Equal(FaceRegion.Lips, Regions.Of(Channel.TongueOut), "tongue");
        }

        public static void ACutsceneWinsWhereItShould()
        {
            LayerMixer mixer = new LayerMixer(Regions.Channels);
            FaceLayer cutscene = Layer(0.9f, 10);
            cutscene.Mask = FaceRegion.Eyes | FaceRegion.Brows;
            FaceLayer speech = Layer(0.4f, 0);
            mixer.Add(cutscene);
            mixer.Add(speech);
            float[] mixed = new float[FacePose.ChannelCount];
            mixer.Mix(mixed);
            Check.Near(0.4, mixed[Jaw], 1e-6, "speech has the jaw");
            Check.Near(0.9, mixed[Blink], 1e-6, "the cutscene has the eyes");
            Check.Near(0.9, mixed[Brow], 1e-6, "and the brows");
            cutscene.Weight = 0.5f;
            mixer.Mix(mixed);
            Check.Near(0.65, mixed[Blink], 1e-6, "half way");
            cutscene.Mode = LayerMode.Additive;
            mixer.Mix(mixed);
            Check.Near(0.85, mixed[Blink], 1e-6, "added");
            cutscene.Weight = 1;
            mixer.Mix(mixed);
            Check.Near(1, mixed[Blink], 0, "clipped");
            Check.True(mixer.Remove(cutscene) && !mixer.Remove(cutscene), "removed once");
            mixer.Mix(mixed);
            Check.Near(0.4, mixed[Blink], 1e-6, "speech again");
        }

        public static void EqualPrioritiesGoInOrder()
        {
            LayerMixer mixer = new LayerMixer(Regions.Channels);
            float[] mixed = new float[FacePose.ChannelCount];
            mixer.Add(Layer(0.2f, 1));
            mixer.Add(Layer(0.3f, 1));
            mixer.Add(Layer(0.1f, 0));
            mixer.Mix(mixed);
            Check.Near(0.3, mixed[Jaw], 1e-6, "the one added last of the highest");
        }

        public static void HeadsMixToo()
        {
            LayerMixer mixer = new LayerMixer(Regions.Channels);
            FaceLayer low = Layer(0, 0);
            FaceLayer high = Layer(0, 1);
            low.HeadTranslation = new Vec3(1, 0, 0);
            high.HeadRotation = new Quat(0.6f, 0, 0, 0.8f);
            high.Mask = FaceRegion.Eyes;
            mixer.Add(low);
            mixer.Add(high);
            float[] mixed = new float[FacePose.ChannelCount];
            mixer.Mix(mixed);
            Check.Near(1, mixer.HeadRotation.W, 1e-6, "a mask without the head");
            Check.Near(1, mixer.HeadTranslation.X, 1e-6, "the low layer's place");
            high.Mask = FaceRegion.All;
            mixer.Mix(mixed);
            Check.Near(0.6, mixer.HeadRotation.X, 1e-6, "overridden");
            Check.Near(0, mixer.HeadTranslation.X, 1e-6, "overridden");
            high.Mode = LayerMode.Additive;
            mixer.Mix(mixed);
            Check.Near(0.6, mixer.HeadRotation.X, 1e-6, "added");
            Check.Near(1, mixer.HeadTranslation.X, 1e-6, "added to");
        }

        public static void WrongLayersAreRefused()
        {
            LayerMixer mixer = new LayerMixer(Regions.Channels);
            FaceLayer layer = Layer(0, 0);
            mixer.Add(layer);
            Check.Throws<ArgumentException>(() => mixer.Add(layer), "already");
            Check.Throws<ArgumentException>(() => mixer.Add(new FaceLayer(3)), "3 values");
            Check.Throws<ArgumentException>(() => mixer.Mix(new float[3]), "52");
            layer.Weight = float.NaN;
            float[] mixed = new float[FacePose.ChannelCount];
            mixer.Mix(mixed);
            Check.Equal(0f, mixed[Jaw], "a weight that is no number is none");
        }
    }

    [Tests]
    public static class BakeTests
    {
        public static void StraightLinesNeedTwoKeys()
        {
            float[] times = new float[100];
            float[] values = new float[100];
            for (int i = 0; i < 100; i++)
            {
                times[i] = i / 60f;
                values[i] = 0.5f * times[i];
            }
            Check.Equal(2, CurveReducer.Reduce(times, values, 1e-5f).Length, "a line");
            values[40] += 0.1f;
            int[] kept = CurveReducer.Reduce(times, values, 0.05f);
            Check.True(Array.IndexOf(kept, 40) > 0, "the bump is kept");
            Check.True(CurveReducer.Reduce(times, Noise(100, 1), 0).Length > 90, "error 0 keeps noise");
            Check.Equal(0, CurveReducer.Reduce(new float[0], new float[0], 0).Length, "nothing");
            Check.Equal(1, CurveReducer.Reduce(new float[1], new float[1], 0).Length, "one key");
            Check.Throws<ArgumentException>(() => CurveReducer.Reduce(new float[2], new float[2], 0), "rise");
            Check.Throws<ArgumentException>(() => CurveReducer.Reduce(times, new float[2], 0), "length");
            Check.Throws<ArgumentOutOfRangeException>(() => CurveReducer.Reduce(times, values, -1), "error");
        }

        public static void TheErrorHolds()
        {
            for (int seed = 0; seed < 40; seed++)
            {
                float[] values = Noise(300, seed);
                float[] times = new float[300];
                for (int i = 0; i < 300; i++)
                {
                    times[i] = (i / 60f) + (0.004f * values[i]);
                }
                float error = 0.002f * (seed + 1);
                int[] kept = CurveReducer.Reduce(times, values, error);
                BakedCurve curve = new BakedCurve
                {
                    Times = Array.ConvertAll(kept, i => times[i]),
                    Values = Array.ConvertAll(kept, i => values[i]),
                };
                for (int i = 0; i < 300; i++)
                {
                    Check.Near(values[i], curve.At(times[i]), error + 1e-6, "seed " + seed + ", key " + i);
                }
                Check.Near(curve.Values[0], curve.At(-1), 0, "held before");
                Check.Near(curve.Values[kept.Length - 1], curve.At(99), 0, "held after");
            }
        }

        public static void ABakeIsTheFramesWithinItsError()
        {
            BakeOptions options = new BakeOptions { Seed = 3, MaxError = 0.01f };
            float last = 0;
            List<FacePose> frames = FaceBaker.Frames(Places.Model, Places.Speech(), 1, 16000, options);
            BakedClip clip = FaceBaker.Bake(Places.Model, Places.Speech(), 1, 16000, options, share =>
            {
                Check.True(share >= last && share <= 1, "progress rises");
                last = share;
                return true;
            });
            Check.Equal(1f, last, "progress ends");
            Check.True(clip.Find("jawOpen") != null, "the jaw moves");
            FacePose pose = new FacePose();
            int keys = 0;
            foreach (BakedCurve curve in clip.Curves)
            {
                keys += curve.Times.Length;
            }
            Check.True(keys * 3 < frames.Count * clip.Curves.Length, keys + " keys are a third of the frames' values");
            foreach (FacePose frame in frames)
            {
                clip.Sample(frame.Seconds, pose);
                for (int i = 0; i < FacePose.ChannelCount; i++)
                {
                    Check.Near(frame.Weights[i], pose.Weights[i], 0.0101, Names.Channels[i] + " at " + frame.Seconds);
                }
                Check.Near(frame.HeadRotation.X, pose.HeadRotation.X, 0.012, "head");
                Check.Near(frame.HeadTranslation.Y, pose.HeadTranslation.Y, 0.0101, "head");
            }
        }

        public static void ABakeCanBeCancelled()
        {
            int calls = 0;
            BakedClip clip = FaceBaker.Bake(
                Places.Model, new float[160000], 1, 16000, null, share => ++calls < 3);
            Check.Equal(null, clip, "the clip");
            Check.Equal(3, calls, "calls of progress");
        }

        public static void NothingBakesToNothing()
        {
            BakedClip clip = FaceBaker.Bake(Places.Model, new float[0], 1, 16000);
            Check.Equal(0, clip.Curves.Length, "curves");
            FacePose pose = new FacePose();
            clip.Sample(1, pose);
            Check.Equal(1f, pose.HeadRotation.W, "neutral");
            clip.Curves = new[] { new BakedCurve { Name = "jaw", Times = new float[1], Values = new float[1] } };
            Check.Throws<FormatException>(() => clip.Sample(0, pose), "jaw");
        }

        public static void OptionsReachTheStream()
        {
            float[] sound = new float[32000];
            Array.Copy(Places.Speech(), sound, 32000);
            BakeOptions options = new BakeOptions
            {
                Emotion = new float[] { 0, 1, 0, 0, 0, 0, 0, 0 },
                Phones = new[] { new Phone(0, 32000, "sil") },
            };
            foreach (KnobInfo knob in KnobInfo.All)
            {
                options.Knobs[knob.Name] = knob.Default;
            }
            BakedClip happy = FaceBaker.Bake(Places.Model, sound, 1, 16000, options);
            BakedClip plain = FaceBaker.Bake(Places.Model, sound, 1, 16000);
            FacePose pose = new FacePose();
            happy.Sample(1.5, pose);
            float smile = pose[Channel.MouthSmileLeft];
            plain.Sample(1.5, pose);
            Check.True(smile > pose[Channel.MouthSmileLeft] + 0.05f, "happy smiles");
            Check.True(Most(happy, "jawOpen") < 0.5 * Most(plain, "jawOpen"), "a script of silence keeps the jaw up");
            options = new BakeOptions { Style = "{\"talkface_style\": 1, \"gain\": {\"jawOpen\": 0}}" };
            Check.Equal(null, FaceBaker.Bake(Places.Model, sound, 1, 16000, options).Find("jawOpen"), "a shut jaw");
            options.Knobs["loudness"] = 1;
            Check.Throws<ArgumentException>(() => FaceBaker.Bake(Places.Model, sound, 1, 16000, options), "loudness");
        }

        private static float Most(BakedClip clip, string channel)
        {
            BakedCurve curve = clip.Find(channel);
            float most = 0;
            foreach (float value in curve == null ? new float[0] : curve.Values)
            {
                most = Math.Max(most, value);
            }
            return most;
        }

        private static float[] Noise(int count, int seed)
        {
            Random random = new Random(seed);
            float[] values = new float[count];
            for (int i = 1; i < count; i++)
            {
                values[i] = Math.Max(0, Math.Min(1, values[i - 1] + ((float)random.NextDouble() * 0.2f) - 0.1f));
            }
            return values;
        }
    }
}
