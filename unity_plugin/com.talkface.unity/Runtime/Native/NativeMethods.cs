using System;
using System.Runtime.InteropServices;

namespace TalkFace.Native
{
    /// <summary>talkface.h, function by function. Every rule stands at its declaration there.</summary>
    public static unsafe class NativeMethods
    {
#if (UNITY_IOS || UNITY_TVOS || UNITY_VISIONOS) && !UNITY_EDITOR
        private const string Library = "__Internal";
#else
        private const string Library = "talkface";
#endif
        private const CallingConvention C = CallingConvention.Cdecl;

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_status_name")]
        public static extern IntPtr StatusName(int status);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_version")]
        public static extern IntPtr Version();

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_abi_version")]
        public static extern uint AbiVersion();

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_channel_name")]
        public static extern IntPtr ChannelName(uint index);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_channel_index")]
        public static extern int ChannelIndex(byte* name);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_emotion_name")]
        public static extern IntPtr EmotionName(uint index);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_viseme_name")]
        public static extern IntPtr VisemeName(uint index);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_knob_count")]
        public static extern uint KnobCount();

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_knob_get")]
        public static extern int KnobGet(uint index, NativeKnob* knob);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_model_open")]
        public static extern int ModelOpen(byte* path, NativeModelOptions* options, IntPtr* model, NativeError* error);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_model_open_with")]
        public static extern int ModelOpenWith(
            NativeReader* reader, NativeModelOptions* options, IntPtr* model, NativeError* error);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_model_destroy")]
        public static extern void ModelDestroy(IntPtr model);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_model_get_info")]
        public static extern int ModelGetInfo(ModelHandle model, NativeModelInfo* info);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_model_channel")]
        public static extern IntPtr ModelChannel(ModelHandle model, uint index);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_model_identity")]
        public static extern IntPtr ModelIdentity(ModelHandle model, uint index);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_model_manifest")]
        public static extern IntPtr ModelManifest(ModelHandle model);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_create")]
        public static extern int StreamCreate(
            ModelHandle model, NativeStreamOptions* options, IntPtr* stream, NativeError* error);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_destroy")]
        public static extern void StreamDestroy(IntPtr stream);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_push_f32")]
        public static extern int StreamPushFloat(StreamHandle stream, float* samples, ulong frames, ulong* taken);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_push_s16")]
        public static extern int StreamPushShort(StreamHandle stream, short* samples, ulong frames, ulong* taken);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_push_phones")]
        public static extern int StreamPushPhones(
            StreamHandle stream, NativePhone* phones, ulong count, ulong* taken, NativeError* error);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_push_emotion")]
        public static extern int StreamPushEmotion(
            StreamHandle stream, NativeEmotionKey* keys, ulong count, ulong* taken);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_set_emotion")]
        public static extern int StreamSetEmotion(StreamHandle stream, float* mix, float weight);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_set_style")]
        public static extern int StreamSetStyle(StreamHandle stream, byte* json, ulong size, NativeError* error);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_flush")]
        public static extern int StreamFlush(StreamHandle stream);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_process")]
        public static extern int StreamProcess(StreamHandle stream, ulong* frames, NativeError* error);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_frames_ready")]
        public static extern ulong StreamFramesReady(StreamHandle stream);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_read")]
        public static extern int StreamRead(StreamHandle stream, NativePose* poses, ulong capacity, ulong* count);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_sample")]
        public static extern int StreamSample(StreamHandle stream, long playhead, NativePose* pose);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_interrupt")]
        public static extern int StreamInterrupt(StreamHandle stream, uint easeMs);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_reset")]
        public static extern int StreamReset(StreamHandle stream);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_latency")]
        public static extern uint StreamLatency(StreamHandle stream);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_next_sample")]
        public static extern long StreamNextSample(StreamHandle stream);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_samples_needed")]
        public static extern ulong StreamSamplesNeeded(StreamHandle stream);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_get_stats")]
        public static extern int StreamGetStats(StreamHandle stream, NativeStreamStats* stats);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_set_knob")]
        public static extern int StreamSetKnob(StreamHandle stream, IntPtr name, float value);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_get_knob")]
        public static extern int StreamGetKnob(StreamHandle stream, IntPtr name, float* value);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_set_stride")]
        public static extern int StreamSetStride(StreamHandle stream, uint stride);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_state_size")]
        public static extern ulong StreamStateSize(StreamHandle stream);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_save")]
        public static extern int StreamSave(StreamHandle stream, byte* buffer, ulong capacity, NativeError* error);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_stream_load")]
        public static extern int StreamLoad(StreamHandle stream, byte* buffer, ulong size, NativeError* error);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_crowd_create")]
        public static extern int CrowdCreate(
            ModelHandle model, NativeCrowdOptions* options, IntPtr* crowd, NativeError* error);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_crowd_destroy")]
        public static extern void CrowdDestroy(IntPtr crowd);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_crowd_join")]
        public static extern int CrowdJoin(
            CrowdHandle crowd, NativeStreamOptions* options, IntPtr* stream, NativeError* error);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_crowd_process")]
        public static extern int CrowdProcess(CrowdHandle crowd, ulong maxSteps, ulong* frames, NativeError* error);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_crowd_start")]
        public static extern int CrowdStart(CrowdHandle crowd, uint periodUs, NativeError* error);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_crowd_stop")]
        public static extern void CrowdStop(CrowdHandle crowd);

        [DllImport(Library, CallingConvention = C, EntryPoint = "talkface_crowd_get_stats")]
        public static extern int CrowdGetStats(CrowdHandle crowd, NativeCrowdStats* stats);
    }
}
