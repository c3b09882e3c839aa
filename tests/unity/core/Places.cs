using System;
using System.Collections.Generic;
using System.IO;

namespace TalkFace.Tests
{
    /// <summary>What test_core.py hands over in the environment, and things made of it.</summary>
    public static class Places
    {
        private static FaceModel model;

        public static string Bundle
        {
            get { return Need("TALKFACE_TEST_BUNDLE"); }
        }

        /// <summary>Raw little-endian floats, mono, 16 kHz.</summary>
        public static string SpeechFile
        {
            get { return Need("TALKFACE_TEST_SPEECH"); }
        }

        public static string Rigs
        {
            get { return Need("TALKFACE_TEST_RIGS"); }
        }

        public static string Families
        {
            get { return Need("TALKFACE_TEST_FAMILIES"); }
        }

        public static string Spellings
        {
            get { return Need("TALKFACE_TEST_SPELLINGS"); }
        }

        public static string Mapped
        {
            get { return Need("TALKFACE_TEST_MAPPED"); }
        }

        public static string OnnxRuntime
        {
            get { return Need("TALKFACE_ONNXRUNTIME"); }
        }

        public static FaceModel Model
        {
            get { return model ?? (model = FaceModel.Open(Bundle)); }
        }

        public static float[] Speech()
        {
            return Floats(SpeechFile);
        }

        public static float[] Floats(string path)
        {
            byte[] bytes = File.ReadAllBytes(path);
            float[] values = new float[bytes.Length / 4];
            Buffer.BlockCopy(bytes, 0, values, 0, values.Length * 4);
            return values;
        }

        public static List<RigMapData> Maps()
        {
            List<RigMapData> maps = new List<RigMapData>();
            string[] files = Directory.GetFiles(Rigs, "*.json");
            Array.Sort(files, StringComparer.Ordinal);
            foreach (string file in files)
            {
                maps.Add(RigMapData.FromJson(File.ReadAllText(file), Path.GetFileName(file)));
            }
            return maps;
        }

        public static ChannelMatcher Matcher()
        {
            return new ChannelMatcher(Maps());
        }

        private static string Need(string name)
        {
            string value = Environment.GetEnvironmentVariable(name);
            Check.True(!string.IsNullOrEmpty(value), name + " is not set: run this by pytest tests/unity/test_core.py");
            return value;
        }
    }

    /// <summary>Writes poses as raw floats, so that Python can compare them bit for bit.</summary>
    public static class PoseWriter
    {
        /// <summary>poses BUNDLE AUDIO RATE CHANNELS CHUNK FPS_NUM FPS_DEN SEED MODE OUT; AUDIO holds floats, or 16-bit for mode pcm16.</summary>
        public static void Write(string[] arguments)
        {
            int rate = int.Parse(arguments[3]);
            int channels = int.Parse(arguments[4]);
            int chunk = int.Parse(arguments[5]);
            string mode = arguments[9];
            FaceStreamOptions options = new FaceStreamOptions
            {
                SampleRate = rate,
                Channels = channels,
                FrameRateNum = int.Parse(arguments[6]),
                FrameRateDen = int.Parse(arguments[7]),
                Seed = ulong.Parse(arguments[8]),
                Sampling = mode == "sample",
                StoreMs = mode == "sample" ? 30000 : 4000,
            };
            using (FaceModel model = FaceModel.Open(arguments[1]))
            using (FaceStream stream = new FaceStream(model, options))
            using (BinaryWriter writer = new BinaryWriter(File.Create(arguments[10])))
            {
                byte[] audio = File.ReadAllBytes(arguments[2]);
                float[] floats = mode == "pcm16" ? null : Places.Floats(arguments[2]);
                int total = (floats == null ? audio.Length / 2 : floats.Length) / channels;
                FacePose pose = new FacePose();
                FacePose[] poses = { pose };
                for (int at = 0; at < total;)
                {
                    int count = Math.Min(chunk, total - at);
                    at += floats == null
                        ? stream.PushPcm16(audio, at * channels * 2, count)
                        : stream.Push(floats, at * channels, count);
                    if (at == total)
                    {
                        stream.Flush();
                    }
                    FaceStatus status;
                    do
                    {
                        status = stream.Process();
                        while (mode != "sample" && stream.Read(poses, 0, 1) == 1)
                        {
                            Put(writer, pose);
                        }
                    }
                    while (status == FaceStatus.Full);
                }
                for (long playhead = 0; mode == "sample" && playhead < total + rate; playhead += rate / 90)
                {
                    stream.Sample(playhead, pose);
                    Put(writer, pose);
                }
            }
        }

        private static void Put(BinaryWriter writer, FacePose pose)
        {
            foreach (float[] values in new[] { pose.Weights, pose.Emotion, pose.Visemes })
            {
                foreach (float value in values)
                {
                    writer.Write(value);
                }
            }
            writer.Write(pose.HeadRotation.X);
            writer.Write(pose.HeadRotation.Y);
            writer.Write(pose.HeadRotation.Z);
            writer.Write(pose.HeadRotation.W);
            writer.Write(pose.HeadTranslation.X);
            writer.Write(pose.HeadTranslation.Y);
            writer.Write(pose.HeadTranslation.Z);
            writer.Write((float)(int)pose.Flags);
        }
    }
}
