using System;
using System.Collections.Generic;

namespace TalkFace.Native
{
    /// <summary>
    /// Sizes and offsets of the C structs on 64-bit platforms. tests/unity/test_core.py compares the tables with
    /// what a C compiler makes of talkface.h; Check compares them with what this scripting backend made.
    /// </summary>
    public static unsafe class NativeLayout
    {
        /// <summary>C struct name, size.</summary>
        public static readonly Dictionary<string, int> Sizes = new Dictionary<string, int>
        {
            { "talkface_error", 512 },
            { "talkface_pose", 360 },
            { "talkface_knob", 40 },
            { "talkface_model_options", 64 },
            { "talkface_reader", 32 },
            { "talkface_model_info", 600 },
            { "talkface_stream_options", 48 },
            { "talkface_phone", 32 },
            { "talkface_emotion_key", 56 },
            { "talkface_stream_stats", 56 },
            { "talkface_crowd_options", 32 },
            { "talkface_crowd_stats", 64 },
        };

        /// <summary>Offsets at which padding or a pointer would show first; "struct.member".</summary>
        public static readonly Dictionary<string, int> Offsets = new Dictionary<string, int>
        {
            { "talkface_error.message", 8 },
            { "talkface_pose.frame", 8 },
            { "talkface_pose.weights", 24 },
            { "talkface_pose.head_rotation", 232 },
            { "talkface_pose.head_translation", 248 },
            { "talkface_pose.emotion", 260 },
            { "talkface_pose.valence", 292 },
            { "talkface_pose.visemes", 300 },
            { "talkface_knob.name", 8 },
            { "talkface_knob.default_value", 24 },
            { "talkface_model_options.onnxruntime_path", 16 },
            { "talkface_model_options.cache_folder", 48 },
            { "talkface_model_options.flags", 56 },
            { "talkface_reader.user", 8 },
            { "talkface_reader.read", 24 },
            { "talkface_model_info.tolerance", 56 },
            { "talkface_model_info.sha256", 220 },
            { "talkface_model_info.provider_note", 317 },
            { "talkface_model_info.expression_count", 576 },
            { "talkface_model_info.precision", 584 },
            { "talkface_stream_options.seed", 32 },
            { "talkface_stream_options.sleep_ms", 44 },
            { "talkface_phone.start", 8 },
            { "talkface_phone.symbol", 24 },
            { "talkface_emotion_key.mix", 16 },
            { "talkface_emotion_key.weight", 48 },
            { "talkface_stream_stats.taken_samples", 8 },
            { "talkface_crowd_options.run_jobs", 16 },
            { "talkface_crowd_stats.steps", 16 },
            { "talkface_crowd_stats.oldest_ms", 56 },
        };

        /// <summary>Compares this runtime's layout with the tables; returns what differs, empty when nothing does.</summary>
        public static List<string> Check()
        {
            List<string> wrong = new List<string>();
            if (IntPtr.Size != 8)
            {
                wrong.Add("TalkFace needs a 64-bit player: switch 32-bit architectures off in the player settings");
                return wrong;
            }
            foreach (KeyValuePair<string, int> real in MeasuredSizes())
            {
                Compare(wrong, real, Sizes[real.Key]);
            }
            foreach (KeyValuePair<string, int> real in MeasuredOffsets())
            {
                Compare(wrong, real, Offsets[real.Key]);
            }
            return wrong;
        }

        /// <summary>Sizes as this scripting backend lays the structs out.</summary>
        public static Dictionary<string, int> MeasuredSizes()
        {
            return new Dictionary<string, int>
            {
                { "talkface_error", sizeof(NativeError) },
                { "talkface_pose", sizeof(NativePose) },
                { "talkface_knob", sizeof(NativeKnob) },
                { "talkface_model_options", sizeof(NativeModelOptions) },
                { "talkface_reader", sizeof(NativeReader) },
                { "talkface_model_info", sizeof(NativeModelInfo) },
                { "talkface_stream_options", sizeof(NativeStreamOptions) },
                { "talkface_phone", sizeof(NativePhone) },
                { "talkface_emotion_key", sizeof(NativeEmotionKey) },
                { "talkface_stream_stats", sizeof(NativeStreamStats) },
                { "talkface_crowd_options", sizeof(NativeCrowdOptions) },
                { "talkface_crowd_stats", sizeof(NativeCrowdStats) },
            };
        }

        /// <summary>Offsets as this scripting backend lays the structs out.</summary>
        public static Dictionary<string, int> MeasuredOffsets()
        {
            NativeError error;
            NativePose pose;
            NativeKnob knob;
            NativeModelOptions model;
            NativeReader reader;
            NativeModelInfo info;
            NativeStreamOptions stream;
            NativePhone phone;
            NativeEmotionKey key;
            NativeStreamStats stats;
            NativeCrowdOptions crowd;
            NativeCrowdStats crowdStats;
            return new Dictionary<string, int>
            {
                { "talkface_error.message", Between(&error, error.Message) },
                { "talkface_pose.frame", Between(&pose, &pose.Frame) },
                { "talkface_pose.weights", Between(&pose, pose.Weights) },
                { "talkface_pose.head_rotation", Between(&pose, pose.HeadRotation) },
                { "talkface_pose.head_translation", Between(&pose, pose.HeadTranslation) },
                { "talkface_pose.emotion", Between(&pose, pose.Emotion) },
                { "talkface_pose.valence", Between(&pose, &pose.Valence) },
                { "talkface_pose.visemes", Between(&pose, pose.Visemes) },
                { "talkface_knob.name", Between(&knob, &knob.Name) },
                { "talkface_knob.default_value", Between(&knob, &knob.DefaultValue) },
                { "talkface_model_options.onnxruntime_path", Between(&model, &model.OnnxRuntimePath) },
                { "talkface_model_options.cache_folder", Between(&model, &model.CacheFolder) },
                { "talkface_model_options.flags", Between(&model, &model.Flags) },
                { "talkface_reader.user", Between(&reader, &reader.User) },
                { "talkface_reader.read", Between(&reader, &reader.Read) },
                { "talkface_model_info.tolerance", Between(&info, &info.Tolerance) },
                { "talkface_model_info.sha256", Between(&info, info.Sha256) },
                { "talkface_model_info.provider_note", Between(&info, info.ProviderNote) },
                { "talkface_model_info.expression_count", Between(&info, &info.ExpressionCount) },
                { "talkface_model_info.precision", Between(&info, info.Precision) },
                { "talkface_stream_options.seed", Between(&stream, &stream.Seed) },
                { "talkface_stream_options.sleep_ms", Between(&stream, &stream.SleepMs) },
                { "talkface_phone.start", Between(&phone, &phone.Start) },
                { "talkface_phone.symbol", Between(&phone, phone.Symbol) },
                { "talkface_emotion_key.mix", Between(&key, key.Mix) },
                { "talkface_emotion_key.weight", Between(&key, &key.Weight) },
                { "talkface_stream_stats.taken_samples", Between(&stats, &stats.TakenSamples) },
                { "talkface_crowd_options.run_jobs", Between(&crowd, &crowd.RunJobs) },
                { "talkface_crowd_stats.steps", Between(&crowdStats, &crowdStats.Steps) },
                { "talkface_crowd_stats.oldest_ms", Between(&crowdStats, &crowdStats.OldestMs) },
            };
        }

        private static int Between(void* start, void* member)
        {
            return (int)((byte*)member - (byte*)start);
        }

        private static void Compare(List<string> wrong, KeyValuePair<string, int> real, int wanted)
        {
            if (real.Value != wanted)
            {
                wrong.Add(real.Key + " is " + real.Value + ", the library has " + wanted);
            }
        }
    }
}
