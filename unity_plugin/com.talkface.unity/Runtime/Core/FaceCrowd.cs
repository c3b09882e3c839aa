using System;
using TalkFace.Native;

namespace TalkFace
{
    /// <summary>Many streams over one model; each tick, those that have a hop ready run as one batch.</summary>
    public sealed class FaceCrowd : IDisposable
    {
        private readonly CrowdHandle handle;
        private readonly FaceModel model;

        public FaceCrowd(FaceModel model, FaceCrowdOptions options = null)
        {
            if (model == null)
            {
                throw new ArgumentNullException("model", "open a FaceModel first");
            }
            this.model = model;
            handle = new CrowdHandle(Create(model, options ?? new FaceCrowdOptions()));
        }

        public bool IsDisposed
        {
            get { return handle.IsClosed; }
        }

        public unsafe FaceCrowdStats Stats
        {
            get
            {
                NativeCrowdStats raw = default(NativeCrowdStats);
                raw.StructSize = (uint)sizeof(NativeCrowdStats);
                TalkFaceException.Check(NativeMethods.CrowdGetStats(handle, &raw), "reading a crowd's counters");
                return new FaceCrowdStats
                {
                    Streams = (int)raw.Streams,
                    Asleep = (int)raw.Asleep,
                    Full = (int)raw.Full,
                    Steps = (long)raw.Steps,
                    Runs = (long)raw.Runs,
                    Frames = (long)raw.Frames,
                    BacklogSteps = (long)raw.BacklogSteps,
                    Failures = (long)raw.Failures,
                    OldestMs = raw.OldestMs,
                };
            }
        }

        /// <summary>A stream that this crowd processes; disposing it leaves the crowd, at any time.</summary>
        public unsafe FaceStream Join(FaceStreamOptions options)
        {
            FaceStreamOptions mine = options.Copy();
            IntPtr stream;
            NativeError error = FaceModel.NewError();
            NativeStreamOptions raw = FaceStream.Native(mine);
            int status = NativeMethods.CrowdJoin(handle, &raw, &stream, &error);
            TalkFaceException.Check(status, &error, "joining a crowd");
            return new FaceStream(stream, model, mine);
        }

        /// <summary>One tick for all members; allocates no managed memory.</summary>
        /// <param name="maxSteps">graph steps at most, those of the longest waiting members first; 0: all</param>
        /// <param name="frames">graph frames made, by all</param>
        /// <returns>Ok, or Busy: another thread is inside</returns>
        public unsafe FaceStatus Process(int maxSteps, out int frames)
        {
            if (maxSteps < 0)
            {
                throw new ArgumentOutOfRangeException("maxSteps", "0 (all) or more graph steps");
            }
            ulong made = 0;
            NativeError error;
            error.StructSize = (uint)sizeof(NativeError);
            int status = NativeMethods.CrowdProcess(handle, (ulong)maxSteps, &made, &error);
            frames = (int)made;
            if (status != (int)FaceStatus.Busy)
            {
                TalkFaceException.Check(status, &error, "processing a crowd");
            }
            return (FaceStatus)status;
        }

        public FaceStatus Process()
        {
            int frames;
            return Process(0, out frames);
        }

        /// <summary>Ticks on a native thread of its own, every period of 0.1 to 1000 ms, until Stop.</summary>
        public unsafe void Start(double periodMs)
        {
            NativeError error = FaceModel.NewError();
            uint period = (uint)Math.Max(0, Math.Min(periodMs * 1000, uint.MaxValue));
            TalkFaceException.Check(NativeMethods.CrowdStart(handle, period, &error), &error, "starting a crowd");
        }

        public void Stop()
        {
            NativeMethods.CrowdStop(handle);
        }

        public void Dispose()
        {
            handle.Dispose();
        }

        private static unsafe IntPtr Create(FaceModel model, FaceCrowdOptions options)
        {
            IntPtr crowd;
            NativeError error = FaceModel.NewError();
            NativeCrowdOptions raw = new NativeCrowdOptions
            {
                StructSize = (uint)sizeof(NativeCrowdOptions),
                MaxStreams = (uint)Math.Max(0, options.MaxStreams),
                MaxBatch = (uint)Math.Max(0, options.MaxBatch),
                Threads = (uint)Math.Max(0, options.Threads),
            };
            int status = NativeMethods.CrowdCreate(model.Handle, &raw, &crowd, &error);
            TalkFaceException.Check(status, &error, "creating a crowd");
            return crowd;
        }
    }
}
