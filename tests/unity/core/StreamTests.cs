using System;

namespace TalkFace.Tests
{
    [Tests]
    public static class StreamTests
    {
        private static FaceStream Small(bool sampling = true)
        {
            return new FaceStream(Places.Model, new FaceStreamOptions { Sampling = sampling });
        }

        private static void Feed(FaceStream stream, float[] audio, int from, int frames)
        {
            int end = from + frames;
            while (from < end)
            {
                from += stream.Push(audio, from, Math.Min(1600, end - from));
                stream.Process();
            }
        }

        private static float Largest(FaceStream stream, FacePose pose, Channel channel, int until)
        {
            float largest = 0;
            for (int playhead = 0; playhead < until; playhead += 160)
            {
                stream.Sample(playhead, pose);
                largest = Math.Max(largest, pose[channel]);
            }
            return largest;
        }

        public static void SpeechOpensTheJaw()
        {
            using (FaceStream stream = Small())
            {
                FacePose pose = new FacePose();
                stream.SampleNewest(pose);
                Check.True((pose.Flags & PoseFlags.Empty) != 0, "empty before the first frame");
                Feed(stream, Places.Speech(), 0, 32000);
                Check.Equal(32000L, stream.NextSample, "samples taken");
                Check.True(Largest(stream, pose, Channel.JawOpen, 32000) > 0.1f, "the jaw opens");
                Check.True(stream.LatencySeconds > 0.01 && stream.LatencySeconds < 1, "latency");
                Check.True(stream.SamplesNeeded > 0, "nothing is left to process");
                Check.Equal(32000L, stream.Stats.TakenSamples, "counter of samples");
                Check.True(stream.Stats.Frames > 50, "counter of frames");
            }
        }

        public static void AFullRingTakesLess()
        {
            using (FaceStream stream = Small())
            {
                int taken = stream.Push(new float[32000]);
                Check.True(taken >= 16000 && taken < 32000, "a second fits: " + taken);
                Check.Equal(32000L - taken, stream.Stats.RefusedSamples, "counter of refused samples");
                stream.Process();
                Check.Equal(100, stream.Push(new float[100]), "room after process");
            }
        }

        public static void AFullStoreSaysSo()
        {
            using (FaceStream stream = Small(false))
            {
                float[] second = new float[16000];
                bool full = false;
                for (int i = 0; i < 10; i++)
                {
                    stream.Push(second);
                    full |= stream.Process() == FaceStatus.Full;
                }
                Check.True(full, "unread frames fill the store");
                FacePose[] poses = new FacePose[20];
                for (int i = 0; i < poses.Length; i++)
                {
                    poses[i] = new FacePose();
                }
                int ready = stream.FramesReady;
                Check.Equal(19, stream.Read(poses, 1, 19), "frames read");
                Check.Equal(ready - 19, stream.FramesReady, "frames left");
                Check.Equal(0L, poses[1].Frame, "the first frame");
                Check.Equal(18L, poses[19].Frame, "the last frame");
                Check.Equal(0.36, poses[19].Seconds, "its time");
            }
        }

        public static void InterruptEasesAndResetBeginsAnew()
        {
            using (FaceStream stream = Small())
            {
                FacePose pose = new FacePose();
                Feed(stream, Places.Speech(), 0, 24000);
                stream.Sample(12000, pose);
                stream.Interrupt(50);
                stream.Process();
                stream.Sample(24000, pose);
                Check.True(pose[Channel.JawOpen] < 0.02f, "eased to neutral: " + pose[Channel.JawOpen]);
                Check.Equal(24000L, stream.NextSample, "the clock goes on");
                stream.Reset();
                stream.Process();
                Check.Equal(0L, stream.NextSample, "the clock begins anew");
                stream.SampleNewest(pose);
                Check.True((pose.Flags & PoseFlags.Empty) != 0, "empty after a reset");
            }
        }

        public static void FlushGivesTheLastFrames()
        {
            using (FaceStream stream = Small(false))
            {
                stream.Push(new float[16000]);
                stream.Process();
                int before = stream.FramesReady;
                Check.True(stream.Flush(), "there is room for a flush");
                stream.Process();
                Check.Equal(50, stream.FramesReady, "a second of frames");
                Check.True(before < 50, "the look-ahead was held back");
                for (int i = 0; i < 16; i++)
                {
                    stream.Flush();
                }
                Check.True(!stream.Flush(), "17 flushes are too many");
            }
        }

        public static void ASavedStateGoesOnBitEqual()
        {
            using (FaceStream one = Small())
            using (FaceStream two = Small())
            {
                float[] speech = Places.Speech();
                Feed(one, speech, 0, 16000);
                byte[] state = one.Save();
                Feed(one, speech, 16000, 16000);
                two.Load(state);
                Feed(two, speech, 16000, 16000);
                FacePose a = new FacePose();
                FacePose b = new FacePose();
                for (int playhead = 16000; playhead < 32000; playhead += 123)
                {
                    one.Sample(playhead, a);
                    two.Sample(playhead, b);
                    for (int i = 0; i < FacePose.ChannelCount; i++)
                    {
                        Check.Equal(a.Weights[i], b.Weights[i], Names.Channels[i] + " at " + playhead);
                    }
                }
                state[0] ^= 0x55;
                Check.Equal(FaceStatus.BadState, Status(() => two.Load(state)), "a damaged state");
                Check.Throws<ArgumentNullException>(() => two.Load(null), "Save");
            }
        }

        public static void KnobsEmotionAndStyleWork()
        {
            using (FaceStream stream = Small())
            {
                KnobInfo knob = KnobInfo.All[0];
                stream.SetKnob(knob, knob.Max);
                Check.Equal(knob.Max, stream.GetKnob(knob.Name), "a knob");
                Check.Throws<ArgumentOutOfRangeException>(() => stream.SetKnob(knob, knob.Max + 1), knob.Name);
                Check.Throws<ArgumentOutOfRangeException>(() => stream.SetKnob(knob, float.NaN), knob.Name);
                Check.Throws<ArgumentException>(() => stream.SetEmotion(new float[3], 1), "contempt");
                Check.Equal(FaceStatus.InvalidArgument, Status(() => stream.SetStyle("{")), "a broken style");
                float[] happy = new float[FacePose.EmotionCount];
                happy[Array.IndexOf(Names.Emotions, "happy")] = 1;
                stream.SetKnob(knob, knob.Default);
                stream.SetEmotion(happy, 1);
                FacePose pose = new FacePose();
                float[] speech = Places.Speech();
                Feed(stream, speech, 0, 32000);
                float smile = Largest(stream, pose, Channel.MouthSmileLeft, 32000);
                using (FaceStream plain = Small())
                {
                    plain.SetEmotion(new[] { 1f, 0, 0, 0, 0, 0, 0, 0 }, 1);
                    Feed(plain, speech, 0, 32000);
                    float other = Largest(plain, pose, Channel.MouthSmileLeft, 32000);
                    Check.True(smile > other + 0.05f, "happy smiles: " + smile + " against " + other);
                }
            }
        }

        public static void PhonesAndEmotionKeysAreTaken()
        {
            using (FaceStream stream = Small())
            {
                Phone[] phones = { new Phone(0, 1600, "HH"), new Phone(1600, 4800, "AW1"), new Phone(4800, 8000, "sil") };
                Check.Equal(3, stream.PushPhones(phones), "phones");
                Check.Equal(0, stream.PushPhones(new Phone[0]), "no phones");
                TalkFaceException error = Check.Throws<TalkFaceException>(
                    () => stream.PushPhones(new[] { new Phone(0, 1600, "QQ") }), "phone 0");
                Check.Equal(FaceStatus.InvalidArgument, error.Status, "status of an unknown phone");
                Check.Throws<ArgumentException>(
                    () => stream.PushPhones(new[] { new Phone(0, 16, "too long") }), "ARPAbet");
                float[] sad = { 0, 0, 1, 0, 0, 0, 0, 0 };
                EmotionKey[] keys =
                {
                    new EmotionKey { Sample = 0, Mix = sad, Weight = 0 },
                    new EmotionKey { Sample = 8000, Mix = sad, Weight = 1 },
                };
                Check.Equal(2, stream.PushEmotion(keys), "keys");
            }
        }

        public static void EmotionKeysAreShown()
        {
            float smile = 0;
            foreach (string emotion in new[] { "happy", "neutral" })
            {
                using (FaceStream stream = Small())
                {
                    float[] mix = new float[FacePose.EmotionCount];
                    mix[Array.IndexOf(Names.Emotions, emotion)] = 1;
                    stream.PushEmotion(new[] { new EmotionKey { Sample = 0, Mix = mix, Weight = 1 } });
                    Feed(stream, Places.Speech(), 0, 32000);
                    float largest = Largest(stream, new FacePose(), Channel.MouthSmileLeft, 32000);
                    Check.True(emotion == "happy" || largest + 0.05f < smile, smile + " against " + largest);
                    smile = largest;
                }
            }
        }

        public static void SeedsGiveLifeAndRawHasNone()
        {
            Check.True(Difference(false, 1, 2) > 0.01, "other seeds, other blinks and gaze");
            Check.Equal(0.0, Difference(false, 2, 2), "the same seed is the same life");
            Check.Equal(0.0, Difference(true, 1, 2), "the graph's own output has no life");
        }

        public static void SilenceSendsToSleep()
        {
            using (FaceStream sleepy = new FaceStream(Places.Model, new FaceStreamOptions { SleepMs = 200 }))
            using (FaceStream awake = Small())
            {
                Feed(sleepy, new float[32000], 0, 32000);
                Feed(awake, new float[32000], 0, 32000);
                Check.True(sleepy.Stats.Asleep && !awake.Stats.Asleep, "asleep after 200 ms");
                Check.True(sleepy.Stats.Steps < awake.Stats.Steps, "the graph rests");
            }
        }

        public static void WrongArgumentsAreExplained()
        {
            using (FaceStream stream = Small())
            {
                Check.Throws<ArgumentOutOfRangeException>(() => stream.Push(new float[10], 5, 6), "array of 10");
                Check.Throws<ArgumentOutOfRangeException>(() => stream.Push(new float[10], -1, 2), "array of 10");
                Check.Throws<ArgumentOutOfRangeException>(() => stream.Push((float[])null, 0, 1), "array of 0");
                Check.Throws<ArgumentOutOfRangeException>(() => stream.PushPcm16(new byte[9], 0, 5), "9 bytes");
                Check.Throws<ArgumentOutOfRangeException>(() => stream.Interrupt(-1), "10000");
                Check.Equal(0, stream.Push(new float[0]), "nothing is no error");
            }
            FaceStreamOptions options = new FaceStreamOptions { SampleRate = 100 };
            Check.Throws<TalkFaceException>(() => new FaceStream(Places.Model, options), "sample_rate");
            options.SampleRate = -1;
            Check.Throws<ArgumentOutOfRangeException>(() => new FaceStream(Places.Model, options), "SampleRate");
            Check.Throws<ArgumentNullException>(() => new FaceStream(null), "FaceModel");
        }

        public static void FarCharactersMakeFewerFrames()
        {
            using (FaceStream near = Small())
            using (FaceStream far = Small())
            {
                far.SetStride(4);
                Feed(near, Places.Speech(), 0, 32000);
                Feed(far, Places.Speech(), 0, 32000);
                FacePose one = new FacePose();
                FacePose other = new FacePose();
                double sum = 0;
                for (int playhead = 8000; playhead < 24000; playhead += 160)
                {
                    near.Sample(playhead, one);
                    far.Sample(playhead, other);
                    sum += Math.Abs(one[Channel.JawOpen] - other[Channel.JawOpen]);
                }
                Check.True(sum > 0.1, "frames between are straight lines: " + sum);
                Check.True(sum / 100 < 0.1, "near the same face: " + sum);
                Check.Equal(FaceStatus.InvalidArgument, Status(() => far.SetStride(3)), "a stride of 3");
            }
        }

        public static void OptionsAreCopied()
        {
            FaceStreamOptions options = new FaceStreamOptions { SampleRate = 24000 };
            using (FaceStream stream = new FaceStream(Places.Model, options))
            {
                options.SampleRate = 48000;
                Check.Equal(24000, stream.Options.SampleRate, "rate");
            }
        }

        public static void ADisposedStreamSaysSo()
        {
            FaceStream stream = Small();
            stream.Dispose();
            stream.Dispose();
            Check.True(stream.IsDisposed, "disposed");
            Check.Throws<ObjectDisposedException>(() => stream.Process(), string.Empty);
        }

        public static void AStreamOutlivesItsModel()
        {
            FaceModel model = FaceModel.Open(Places.Bundle);
            FaceStream stream = new FaceStream(model);
            model.Dispose();
            Feed(stream, Places.Speech(), 0, 8000);
            Check.True(stream.Stats.Frames > 10, "frames without the model");
            stream.Dispose();
        }

        private static double Difference(bool raw, ulong one, ulong other)
        {
            FaceStreamOptions options = new FaceStreamOptions { Raw = raw, Seed = one };
            using (FaceStream first = new FaceStream(Places.Model, options))
            {
                options.Seed = other;
                using (FaceStream second = new FaceStream(Places.Model, options))
                {
                    FacePose a = new FacePose();
                    FacePose b = new FacePose();
                    Feed(first, Places.Speech(), 0, 32000);
                    Feed(second, Places.Speech(), 0, 32000);
                    double sum = 0;
                    for (int playhead = 0; playhead < 32000; playhead += 320)
                    {
                        first.Sample(playhead, a);
                        second.Sample(playhead, b);
                        sum += Math.Abs(a[Channel.EyeBlinkLeft] - b[Channel.EyeBlinkLeft]);
                        sum += Math.Abs(a[Channel.EyeLookInLeft] - b[Channel.EyeLookInLeft]);
                    }
                    return sum;
                }
            }
        }

        private static FaceStatus Status(Action call)
        {
            try
            {
                call();
            }
            catch (TalkFaceException error)
            {
                return error.Status;
            }
            return FaceStatus.Ok;
        }
    }
}
