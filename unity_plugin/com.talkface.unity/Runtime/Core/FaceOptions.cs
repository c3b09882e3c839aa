using System;

namespace TalkFace
{
    /// <summary>Where a model computes. Falls back: TensorRT to CUDA, CUDA to the CPU (see FaceModelInfo.ProviderNote).</summary>
    public enum FaceProvider
    {
        Cpu = 0,
        Cuda = 1,
        TensorRt = 2,
    }

    /// <summary>How to open a model.</summary>
    public sealed class FaceModelOptions
    {
        public FaceProvider Provider = FaceProvider.Cpu;

        /// <summary>CUDA device index.</summary>
        public int Device;

        /// <summary>Threads inside one run of the graph, 1 to 64.</summary>
        public int Threads = 1;

        /// <summary>Full path of ONNX Runtime's library; null: TALKFACE_ONNXRUNTIME, else beside the talkface library.</summary>
        public string OnnxRuntimePath;

        /// <summary>Where TensorRT keeps its engines; null: nowhere.</summary>
        public string CacheFolder;
    }

    /// <summary>How to make a stream. Ranges are checked by the library, which says what is wrong.</summary>
    [Serializable]
    public sealed class FaceStreamOptions
    {
        /// <summary>Of pushed audio, 8000 to 192000 Hz.</summary>
        public int SampleRate = 16000;

        /// <summary>Interleaved, 1 to 8, averaged.</summary>
        public int Channels = 1;

        /// <summary>Of Read: frames a second, as a fraction; 0: the graph's own.</summary>
        public int FrameRateNum;
        public int FrameRateDen = 1;

        /// <summary>Audio that Push can hold before Process runs, 20 to 60000.</summary>
        public int RingMs = 1000;

        /// <summary>Frames kept for Read and Sample, 500 to 60000.</summary>
        public int StoreMs = 4000;

        /// <summary>Only Sample is used: the oldest frame is overwritten when the store is full.</summary>
        public bool Sampling = true;

        /// <summary>The graph's own output, without post-processing and idle life.</summary>
        public bool Raw;

        /// <summary>Of blinks, gaze and head: characters with the same seed blink together.</summary>
        public ulong Seed;

        /// <summary>Phones, and emotion keys, that lie on the clock, 16 to 65536.</summary>
        public int TimedCapacity = 1024;

        /// <summary>Milliseconds of silence after which the stream rests, 200 to 600000; 0: never.</summary>
        public int SleepMs;

        /// <summary>Small buffers, as members of a crowd want.</summary>
        public static FaceStreamOptions ForCrowd(int sampleRate)
        {
            return new FaceStreamOptions
            {
                SampleRate = sampleRate, RingMs = 250, StoreMs = 500, TimedCapacity = 64,
            };
        }

        public FaceStreamOptions Copy()
        {
            return (FaceStreamOptions)MemberwiseClone();
        }
    }

    /// <summary>How to make a crowd.</summary>
    public sealed class FaceCrowdOptions
    {
        /// <summary>Members at a time, 1 to 65536.</summary>
        public int MaxStreams = 256;

        /// <summary>Streams of one graph run, 1 to 256.</summary>
        public int MaxBatch = 64;

        /// <summary>Shares that a tick is cut into, 1 to 64; threads - 1 threads are started.</summary>
        public int Threads = 1;
    }

    /// <summary>Counters of a stream since creation or reset.</summary>
    public struct FaceStreamStats
    {
        public bool Asleep;
        public long TakenSamples;
        public long RefusedSamples;
        public long NonfiniteSamples;
        public long ModelResets;
        public long Steps;
        public long Frames;
    }

    /// <summary>Counters of a crowd.</summary>
    public struct FaceCrowdStats
    {
        public int Streams;
        public int Asleep;
        public int Full;
        public long Steps;
        public long Runs;
        public long Frames;
        public long BacklogSteps;
        public long Failures;
        public double OldestMs;
    }

    /// <summary>A timed phone of what is said, in input samples since reset.</summary>
    public struct Phone
    {
        public long Start;
        public long End;

        /// <summary>ARPAbet ("AH", "ow1"), "sil", or "UNK".</summary>
        public string Symbol;

        public Phone(long start, long end, string symbol)
        {
            Start = start;
            End = end;
            Symbol = symbol;
        }
    }

    /// <summary>The emotion to show at one time, in input samples since reset.</summary>
    public struct EmotionKey
    {
        public long Sample;

        /// <summary>Eight shares, each 0 to 1, their sum at most 1.</summary>
        public float[] Mix;

        /// <summary>How far the mix replaces the emotion that is heard, 0 to 1.</summary>
        public float Weight;
    }
}
