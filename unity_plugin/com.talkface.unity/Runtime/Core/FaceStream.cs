using System;
using TalkFace.Native;

namespace TalkFace
{
    /// <summary>
    /// One character: audio is pushed in, poses come out. Four roles, each one thread at a time: audio (Push,
    /// PushPhones, PushEmotion, Flush), worker (Process, Save, Load), game (Sample, Read), any (the rest).
    /// Push, Process, Sample, Read and Flush allocate nothing. Dispose it in any order with its model.
    /// </summary>
    public sealed partial class FaceStream : IDisposable
    {
        private const int ReadChunk = 8;
        private readonly StreamHandle handle;

        /// <summary>A stream that is processed by itself; FaceCrowd.Join makes members of a crowd.</summary>
        public FaceStream(FaceModel model, FaceStreamOptions options = null)
        {
            if (model == null)
            {
                throw new ArgumentNullException("model", "open a FaceModel first");
            }
            Options = (options ?? new FaceStreamOptions()).Copy();
            handle = new StreamHandle(Create(model, Options));
            HopSamples = model.Info.Hop;
            ModelRate = model.Info.SampleRate;
        }

        internal FaceStream(IntPtr stream, FaceModel model, FaceStreamOptions options)
        {
            Options = options;
            handle = new StreamHandle(stream);
            HopSamples = model.Info.Hop;
            ModelRate = model.Info.SampleRate;
        }

        /// <summary>What the stream was made with; a copy.</summary>
        public FaceStreamOptions Options { get; private set; }

        /// <summary>Of the model, in samples at ModelRate.</summary>
        public int HopSamples { get; private set; }

        public int ModelRate { get; private set; }

        public bool IsDisposed
        {
            get { return handle.IsClosed; }
        }

        /// <summary>Audio in to pose out, in seconds: resampler, look-ahead and hop.</summary>
        public double LatencySeconds
        {
            get { return (double)NativeMethods.StreamLatency(handle) / ModelRate; }
        }

        /// <summary>Input samples taken since reset: the index of the next one. Pushes count from here.</summary>
        public long NextSample
        {
            get { return NativeMethods.StreamNextSample(handle); }
        }

        /// <summary>Input samples until Process can make another frame; 0: it has work now.</summary>
        public long SamplesNeeded
        {
            get { return (long)NativeMethods.StreamSamplesNeeded(handle); }
        }

        /// <summary>Frames that Read could return now.</summary>
        public int FramesReady
        {
            get { return (int)NativeMethods.StreamFramesReady(handle); }
        }

        public unsafe FaceStreamStats Stats
        {
            get
            {
                NativeStreamStats raw = default(NativeStreamStats);
                raw.StructSize = (uint)sizeof(NativeStreamStats);
                TalkFaceException.Check(NativeMethods.StreamGetStats(handle, &raw), "reading a stream's counters");
                return new FaceStreamStats
                {
                    Asleep = raw.Asleep != 0,
                    TakenSamples = (long)raw.TakenSamples,
                    RefusedSamples = (long)raw.RefusedSamples,
                    NonfiniteSamples = (long)raw.NonfiniteSamples,
                    ModelResets = (long)raw.ModelResets,
                    Steps = (long)raw.Steps,
                    Frames = (long)raw.Frames,
                };
            }
        }

        /// <summary>Pushes interleaved float audio; returns how many sample frames were taken, fewer when the ring is full.</summary>
        /// <param name="samples">interleaved, normally -1 to 1</param>
        /// <param name="offset">first value to take, counted in values</param>
        /// <param name="frames">sample frames: values / channels</param>
        public unsafe int Push(float[] samples, int offset, int frames)
        {
            CheckRange(samples == null ? 0 : samples.Length, offset, frames, "samples");
            ulong taken = 0;
            fixed (float* first = samples)
            {
                int status = NativeMethods.StreamPushFloat(handle, first + offset, (ulong)frames, &taken);
                TalkFaceException.Check(status, "pushing audio");
            }
            return (int)taken;
        }

        public int Push(float[] samples)
        {
            return Push(samples, 0, samples == null ? 0 : samples.Length / Options.Channels);
        }

        /// <summary>Pushes interleaved 16-bit audio; as Push of floats.</summary>
        public unsafe int Push(short[] samples, int offset, int frames)
        {
            CheckRange(samples == null ? 0 : samples.Length, offset, frames, "samples");
            ulong taken = 0;
            fixed (short* first = samples)
            {
                int status = NativeMethods.StreamPushShort(handle, first + offset, (ulong)frames, &taken);
                TalkFaceException.Check(status, "pushing audio");
            }
            return (int)taken;
        }

        /// <summary>Pushes little-endian 16-bit PCM bytes, as text-to-speech services send them.</summary>
        /// <param name="pcm">interleaved PCM</param>
        /// <param name="offset">first byte to take</param>
        /// <param name="frames">sample frames: bytes / 2 / channels</param>
        public unsafe int PushPcm16(byte[] pcm, int offset, int frames)
        {
            int bytes = pcm == null ? 0 : pcm.Length;
            if (offset < 0 || frames < 0 || offset + (2L * frames * Options.Channels) > bytes)
            {
                throw new ArgumentOutOfRangeException(
                    "frames", frames + " frames from byte " + offset + " do not fit " + bytes + " bytes");
            }
            ulong taken = 0;
            fixed (byte* first = pcm)
            {
                int status = NativeMethods.StreamPushShort(handle, (short*)(first + offset), (ulong)frames, &taken);
                TalkFaceException.Check(status, "pushing PCM");
            }
            return (int)taken;
        }

        /// <summary>Turns pushed audio into frames and carries out requests; worker thread.</summary>
        /// <returns>Ok; Full: the store is full of unread frames; Busy: another thread is inside</returns>
        public FaceStatus Process()
        {
            int frames;
            return Process(out frames);
        }

        /// <summary>As Process; frames says how many graph frames were made.</summary>
        public unsafe FaceStatus Process(out int frames)
        {
            ulong made = 0;
            NativeError error;
            error.StructSize = (uint)sizeof(NativeError);
            int status = NativeMethods.StreamProcess(handle, &made, &error);
            frames = (int)made;
            if (status != (int)FaceStatus.Busy)
            {
                TalkFaceException.Check(status, &error, "processing audio");
            }
            return (FaceStatus)status;
        }

        /// <summary>Pose at a playhead in input samples since reset; always a finite pose in range, see its flags.</summary>
        public unsafe void Sample(long playhead, FacePose into)
        {
            NativePose raw;
            raw.StructSize = (uint)sizeof(NativePose);
            TalkFaceException.Check(NativeMethods.StreamSample(handle, playhead, &raw), "sampling a pose");
            into.Take(&raw);
        }

        /// <summary>The newest pose.</summary>
        public void SampleNewest(FacePose into)
        {
            Sample(NativeLimits.Newest, into);
        }

        /// <summary>Reads frames in order, each once, into poses[offset...]; returns how many.</summary>
        public unsafe int Read(FacePose[] poses, int offset, int count)
        {
            CheckRange(poses == null ? 0 : poses.Length, offset, count, 1, "poses");
            NativePose* raw = stackalloc NativePose[ReadChunk];
            int done = 0;
            while (done < count)
            {
                ulong got = 0;
                int wanted = Math.Min(ReadChunk, count - done);
                raw->StructSize = (uint)sizeof(NativePose);
                int status = NativeMethods.StreamRead(handle, raw, (ulong)wanted, &got);
                TalkFaceException.Check(status, "reading frames");
                for (int i = 0; i < (int)got; i++)
                {
                    poses[offset + done + i].Take(raw + i);
                }
                done += (int)got;
                if ((int)got < wanted)
                {
                    break;
                }
            }
            return done;
        }

        /// <summary>Ends the utterance after the audio pushed so far; false: 16 flushes wait already, call again later.</summary>
        public bool Flush()
        {
            int status = NativeMethods.StreamFlush(handle);
            TalkFaceException.Check(status, "flushing");
            return status == (int)FaceStatus.Ok;
        }

        /// <summary>Stops now: drops what is not played yet and eases to neutral. The clock goes on.</summary>
        public void Interrupt(int easeMs)
        {
            if (easeMs < 0)
            {
                throw new ArgumentOutOfRangeException("easeMs", "easing takes 0 to 10000 ms");
            }
            TalkFaceException.Check(NativeMethods.StreamInterrupt(handle, (uint)easeMs), "interrupting");
        }

        /// <summary>Back to new, index 0; knobs, constant emotion and style stay. Carried out by the next Process.</summary>
        public void Reset()
        {
            TalkFaceException.Check(NativeMethods.StreamReset(handle), "resetting");
        }

        public void Dispose()
        {
            handle.Dispose();
        }

        internal static unsafe NativeStreamOptions Native(FaceStreamOptions options)
        {
            return new NativeStreamOptions
            {
                StructSize = (uint)sizeof(NativeStreamOptions),
                Flags = (options.Sampling ? NativeLimits.StreamSampling : 0)
                    | (options.Raw ? NativeLimits.StreamRaw : 0),
                SampleRate = Unsigned(options.SampleRate, "SampleRate"),
                Channels = Unsigned(options.Channels, "Channels"),
                FrameRateNum = Unsigned(options.FrameRateNum, "FrameRateNum"),
                FrameRateDen = Unsigned(options.FrameRateDen, "FrameRateDen"),
                RingMs = Unsigned(options.RingMs, "RingMs"),
                StoreMs = Unsigned(options.StoreMs, "StoreMs"),
                Seed = options.Seed,
                TimedCapacity = Unsigned(options.TimedCapacity, "TimedCapacity"),
                SleepMs = Unsigned(options.SleepMs, "SleepMs"),
            };
        }

        private static uint Unsigned(int value, string name)
        {
            if (value < 0)
            {
                throw new ArgumentOutOfRangeException(name, value, name + " must not be negative");
            }
            return (uint)value;
        }

        private static unsafe IntPtr Create(FaceModel model, FaceStreamOptions options)
        {
            IntPtr stream;
            NativeError error = FaceModel.NewError();
            NativeStreamOptions raw = Native(options);
            int status = NativeMethods.StreamCreate(model.Handle, &raw, &stream, &error);
            TalkFaceException.Check(status, &error, "creating a stream");
            return stream;
        }

        private void CheckRange(int length, int offset, int frames, string name)
        {
            CheckRange(length, offset, frames, Options.Channels, name);
        }

        private static void CheckRange(int length, int offset, int frames, int channels, string name)
        {
            if (offset < 0 || frames < 0 || offset + ((long)frames * channels) > length)
            {
                throw new ArgumentOutOfRangeException(
                    name, frames + " frames from " + offset + " do not fit an array of " + length);
            }
        }
    }
}
