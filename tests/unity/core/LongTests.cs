using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using TalkFace.Native;

namespace TalkFace.Tests
{
    /// <summary>Leaks, threads, and what a frame costs the garbage collector.</summary>
    [Tests]
    public static class LongTests
    {
        private const int Rate = 48000;
        private const int Block = 1024;

        public static void TenThousandStreamsLeaveNothing()
        {
            FaceModel model = Places.Model;
            int alive = NativeHandle.Alive;
            MakeStreams(model, 1000);
            long before = Resident();
            MakeStreams(model, 9000);
            long grown = Resident() - before;
            Check.Equal(alive, NativeHandle.Alive, "native objects");
            Check.True(grown < 16 << 20, "resident memory grew by " + (grown >> 10) + " KiB over 9000 streams");
        }

        public static void ForgottenStreamsAreCollected()
        {
            const int Count = 50;
            FaceModel model = Places.Model;
            int before = NativeHandle.Alive;
            Thread thread = new Thread(() => Forget(model, Count));
            thread.Start();
            thread.Join();
            for (int i = 0; i < 20 && NativeHandle.Alive > before; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            int left = NativeHandle.Alive - before;
            Check.True(left <= 2, left + " of " + Count + " streams that nobody holds are left");
        }

        public static void TenMinutesFromAnAudioThreadToAGameLoop()
        {
            const int Total = 10 * 60 * Rate;
            float[] speech = Places.Speech();
            AudioRing ring = new AudioRing(Rate);
            PlayheadClock clock = new PlayheadClock(Rate);
            FaceStreamOptions options = new FaceStreamOptions { SampleRate = Rate, SleepMs = 0 };
            using (FaceStream stream = new FaceStream(Places.Model, options))
            {
                Exception thrown = null;
                Thread audio = new Thread(() =>
                {
                    try
                    {
                        PlayAudio(ring, clock, stream, speech, Total);
                    }
                    catch (Exception error)
                    {
                        thrown = error;
                    }
                });
                audio.Start();
                float[] block = new float[Block];
                FacePose pose = new FacePose();
                long early = 0;
                long samples = 0;
                float largest = 0;
                while (audio.IsAlive || ring.Count > 0)
                {
                    int got = ring.Read(block, 0, Block);
                    for (int at = 0; at < got;)
                    {
                        at += stream.Push(block, at, got - at);
                        Check.True(stream.Process() == FaceStatus.Ok, "process");
                    }
                    stream.Sample(clock.At((double)stream.NextSample / Rate), pose);
                    largest = Math.Max(largest, pose[Channel.JawOpen]);
                    samples++;
                    early += (pose.Flags & PoseFlags.Early) != 0 ? 1 : 0;
                    Check.True(pose.Weights[0] >= 0 && pose.Weights[0] <= 1, "a finite pose in range");
                    if (got == 0)
                    {
                        Thread.Yield();
                    }
                }
                Check.Equal(null, thrown, "exception of the audio thread");
                Check.Equal((long)Total, stream.NextSample, "samples that arrived");
                Check.True(samples * Block >= Total, "poses sampled: " + samples);
                Check.Equal(0L, early, "poses before the store");
                Check.True(largest > 0.1f, "the jaw opened");
                Check.Near(stream.Stats.Frames / 50.0, 600, 1, "seconds of frames");
            }
        }

        public static void AFrameAllocatesNothing()
        {
            Loop loop = new Loop();
            Check.True(Collections(loop, false) == 0, "a frame of 32 characters made the collector run");
            Check.True(Collections(loop, true) > 0, "the measure misses one small array a frame");
            loop.Dispose();
        }

        private static void MakeStreams(FaceModel model, int count)
        {
            FaceStreamOptions options = FaceStreamOptions.ForCrowd(16000);
            for (int i = 0; i < count; i++)
            {
                using (FaceStream stream = new FaceStream(model, options))
                {
                    stream.Interrupt(10);
                }
            }
        }

        private static void Forget(FaceModel model, int count)
        {
            for (int i = 0; i < count; i++)
            {
                new FaceStream(model, FaceStreamOptions.ForCrowd(16000));
            }
        }

        private static void PlayAudio(
            AudioRing ring, PlayheadClock clock, FaceStream stream, float[] speech, int total)
        {
            float[] block = new float[Block];
            int at = 0;
            for (int made = 0; made < total;)
            {
                int count = Math.Min(Block, total - made);
                for (int i = 0; i < count; i++)
                {
                    block[i] = speech[at];
                    at = (at + 1) % speech.Length;
                }
                clock.Anchor((double)made / Rate, made);
                for (int done = 0; done < count;)
                {
                    int taken = ring.Write(block, done, count - done);
                    done += taken;
                    if (taken == 0)
                    {
                        Thread.Yield();
                    }
                }
                made += count;
            }
        }

        /// <summary>
        /// Collections of the nursery in enough frames that 48 bytes in each would fill it. Mono has no count of a
        /// thread's bytes; its nursery is set to 512 KiB by test_core.py.
        /// </summary>
        private static int Collections(Loop loop, bool careless)
        {
            const int Frames = 20000;
            loop.Frame(true);
            for (int i = 0; i < 100; i++)
            {
                loop.Frame(false);
            }
            GC.Collect();
            int before = GC.CollectionCount(0);
            for (int i = 0; i < Frames; i++)
            {
                loop.Frame(careless);
            }
            return GC.CollectionCount(0) - before;
        }

        private static long Resident()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            foreach (string line in File.ReadAllLines("/proc/self/status"))
            {
                if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                {
                    return long.Parse(line.Substring(6).Replace("kB", string.Empty).Trim()) << 10;
                }
            }
            throw new Failure("/proc/self/status has no VmRSS");
        }

        /// <summary>Everything a game does in a frame, for 32 characters of which few have a hop ready.</summary>
        private sealed class Loop : IDisposable
        {
            private readonly FaceCrowd crowd = new FaceCrowd(Places.Model);
            private readonly List<FaceStream> members = new List<FaceStream>();
            private readonly FaceStream reader = new FaceStream(
                Places.Model, new FaceStreamOptions { Sampling = false, SleepMs = 200 });
            private readonly FacePose[] read = { new FacePose(), new FacePose() };
            private readonly AudioRing ring = new AudioRing(4096);
            private readonly PlayheadClock clock = new PlayheadClock(16000);
            private readonly float[] audio = Places.Speech();
            private readonly float[] block = new float[16];
            private readonly FacePose pose = new FacePose();
            private readonly RigBinding binding;
            private readonly LayerMixer mixer;
            private readonly FaceLayer speech;
            private readonly FaceLayer authored;
            private readonly float[] mixed;
            private readonly BakedClip clip;
            private readonly float[] happy = { 0, 1, 0, 0, 0, 0, 0, 0 };
            private byte[] waste;
            private int frame;

            public Loop()
            {
                for (int i = 0; i < 32; i++)
                {
                    FaceStreamOptions options = FaceStreamOptions.ForCrowd(16000);
                    options.Seed = (ulong)i;
                    options.SleepMs = 200;
                    members.Add(crowd.Join(options));
                }
                float[] scales = new float[Names.Channels.Length];
                binding = RigBinding.Auto(Places.Matcher(), new[] { Names.Channels }, new[] { scales });
                mixer = new LayerMixer(binding.SlotRegions);
                speech = new FaceLayer(binding.Slots.Length);
                authored = new FaceLayer(binding.Slots.Length) { Priority = 1, Mask = FaceRegion.Eyes };
                mixer.Add(speech);
                mixer.Add(authored);
                mixed = new float[binding.Slots.Length];
                float[] second = new float[16000];
                Array.Copy(audio, second, second.Length);
                clip = FaceBaker.Bake(Places.Model, second, 1, 16000);
            }

            public void Frame(bool careless)
            {
                frame++;
                ring.Write(audio, (frame * 16) % 16000, 16);
                int got = ring.Read(block, 0, 16);
                clock.Anchor(frame / 1000.0, frame * 16);
                crowd.Process();
                if (careless)
                {
                    waste = new byte[16];
                }
                FaceStream member = members[frame % members.Count];
                if (frame % 64 < 32)
                {
                    member.Push(block, 0, got);
                }
                reader.Push(block, 0, got);
                reader.Process();
                reader.Read(read, 0, 2);
                member.SetKnob(KnobInfo.All[0], KnobInfo.All[0].Default);
                member.SetEmotion(happy, 0.5f);
                for (int i = 0; i < members.Count; i++)
                {
                    members[i].Sample(clock.At(frame / 1000.0), pose);
                }
                clip.Sample(frame % 1000 / 1000.0, pose);
                binding.Evaluate(pose);
                Array.Copy(binding.Values, speech.Values, mixed.Length);
                mixer.Mix(mixed);
            }

            public void Dispose()
            {
                members.ForEach(member => member.Dispose());
                crowd.Dispose();
                reader.Dispose();
                Check.True(waste != null, "a careless frame ran");
            }
        }
    }
}
