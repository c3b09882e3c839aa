using System;
using System.Runtime.InteropServices;

namespace TalkFace.Native
{
    /// <summary>Sizes that the C header fixes.</summary>
    public static class NativeLimits
    {
        public const int ChannelCount = 52;
        public const int EmotionCount = 8;
        public const int VisemeCount = 15;
        public const int MinSampleRate = 8000;
        public const int MaxSampleRate = 192000;
        public const int MaxChannels = 8;
        public const uint AbiVersion = 1;
        public const uint StreamSampling = 1;
        public const uint StreamRaw = 2;
        public const uint ModelCudaGraph = 1;

        /// <summary>Playhead that means the newest frame.</summary>
        public const long Newest = long.MinValue;
    }

    /// <summary>talkface_error</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct NativeError
    {
        public uint StructSize;
        public int Status;
        public fixed byte Message[504];
    }

    /// <summary>talkface_pose</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct NativePose
    {
        public uint StructSize;
        public uint Flags;
        public long Frame;
        public double Seconds;
        public fixed float Weights[NativeLimits.ChannelCount];
        public fixed float HeadRotation[4];
        public fixed float HeadTranslation[3];
        public fixed float Emotion[NativeLimits.EmotionCount];
        public float Valence;
        public float Arousal;
        public fixed float Visemes[NativeLimits.VisemeCount];
    }

    /// <summary>talkface_knob</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NativeKnob
    {
        public uint StructSize;
        public uint Reserved;
        public IntPtr Name;
        public IntPtr Doc;
        public float DefaultValue;
        public float MinValue;
        public float MaxValue;
    }

    /// <summary>talkface_model_options</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NativeModelOptions
    {
        public uint StructSize;
        public int Provider;
        public int Device;
        public int Threads;
        public IntPtr OnnxRuntimePath;
        public IntPtr Log;
        public IntPtr LogUser;
        public IntPtr CudaStream;
        public IntPtr CacheFolder;
        public uint Flags;
        public uint Reserved;
    }

    /// <summary>talkface_reader</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NativeReader
    {
        public uint StructSize;
        public uint Reserved;
        public IntPtr User;
        public IntPtr Size;
        public IntPtr Read;
    }

    /// <summary>talkface_model_info</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct NativeModelInfo
    {
        public uint StructSize;
        public uint Schema;
        public uint SampleRate;
        public uint Hop;
        public uint LookAhead;
        public uint FrameRateNum;
        public uint FrameRateDen;
        public uint ChannelCount;
        public uint EmotionCount;
        public uint VisemeCount;
        public uint IdentitySize;
        public uint StyleSize;
        public int Provider;
        public uint Reserved;
        public float Tolerance;
        public fixed byte Name[64];
        public fixed byte Version[32];
        public fixed byte Licence[64];
        public fixed byte Sha256[65];
        public fixed byte OnnxRuntime[32];
        public fixed byte ProviderNote[256];
        public uint ExpressionCount;
        public uint HasHead;
        public fixed byte Precision[16];
    }

    /// <summary>talkface_stream_options</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NativeStreamOptions
    {
        public uint StructSize;
        public uint Flags;
        public uint SampleRate;
        public uint Channels;
        public uint FrameRateNum;
        public uint FrameRateDen;
        public uint RingMs;
        public uint StoreMs;
        public ulong Seed;
        public uint TimedCapacity;
        public uint SleepMs;
    }

    /// <summary>talkface_phone</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct NativePhone
    {
        public uint StructSize;
        public uint Reserved;
        public long Start;
        public long End;
        public fixed byte Symbol[8];
    }

    /// <summary>talkface_emotion_key</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct NativeEmotionKey
    {
        public uint StructSize;
        public uint Reserved;
        public long Sample;
        public fixed float Mix[NativeLimits.EmotionCount];
        public float Weight;
    }

    /// <summary>talkface_stream_stats</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NativeStreamStats
    {
        public uint StructSize;
        public uint Asleep;
        public ulong TakenSamples;
        public ulong RefusedSamples;
        public ulong NonfiniteSamples;
        public ulong ModelResets;
        public ulong Steps;
        public ulong Frames;
    }

    /// <summary>talkface_crowd_options</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NativeCrowdOptions
    {
        public uint StructSize;
        public uint MaxStreams;
        public uint MaxBatch;
        public uint Threads;
        public IntPtr RunJobs;
        public IntPtr JobsUser;
    }

    /// <summary>talkface_crowd_stats</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NativeCrowdStats
    {
        public uint StructSize;
        public uint Streams;
        public uint Asleep;
        public uint Full;
        public ulong Steps;
        public ulong Runs;
        public ulong Frames;
        public ulong BacklogSteps;
        public ulong Failures;
        public double OldestMs;
    }
}
