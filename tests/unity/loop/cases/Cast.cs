using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

namespace Loop
{
    /// <summary>Characters, sounds and names that the cases share.</summary>
    internal static class Cast
    {
        public static readonly string Folder = Environment.GetEnvironmentVariable("TALKFACE_TEST_FIXTURES");

        /// <summary>Where the test that runs this has put archives and a package.</summary>
        public static readonly string Made = Environment.GetEnvironmentVariable("TALKFACE_TEST_MADE");

        /// <summary>Lines of a fixture: a blendshape's name, and the channel it is where the fixture says so.</summary>
        public static List<string[]> Names(string family)
        {
            var found = new List<string[]>();
            foreach (var line in File.ReadAllLines(Path.Combine(Folder, family + ".txt")))
                if (line.Length > 0 && line[0] != '#')
                    found.Add(line.Split(' '));
            return found;
        }

        public static string[] First(List<string[]> lines)
        {
            return lines.ConvertAll(line => line[0]).ToArray();
        }

        public static SkinnedMeshRenderer Face(GameObject below, string[] names, float fullWeight)
        {
            var mesh = new Mesh { name = "face", vertices = new Vector3[1] };
            foreach (var name in names)
                mesh.AddBlendShapeFrame(name, fullWeight, new Vector3[1], null, null);
            var item = new GameObject("mesh");
            item.transform.SetParent(below.transform, false);
            var renderer = item.AddComponent<SkinnedMeshRenderer>();
            renderer.sharedMesh = mesh;
            return renderer;
        }

        public static TalkFaceModelAsset Model()
        {
            var asset = ScriptableObject.CreateInstance<TalkFaceModelAsset>();
            asset.name = "default";
            asset.StreamingAssetsFolder = "default";
            asset.OpenInBackground = false;
            return asset;
        }

        /// <summary>A field is set in the inspector: as Unity does it, without a property, and OnValidate is called.</summary>
        public static void Inspect(object target, string field, object value)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic;
            target.GetType().GetField(field, Own).SetValue(target, value);
            var validate = target.GetType().GetMethod("OnValidate", Own);
            if (validate != null)
                validate.Invoke(target, null);
        }

        /// <summary>Frames of the game until something is so; at most 20 seconds of the clock on the wall.</summary>
        public static int Wait(Func<bool> so)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var frames = 0;
            while (!so())
            {
                Assert.Less(clock.Elapsed.TotalSeconds, 20, "seconds waited for what does not come");
                World.Play(1 / 60.0);
                frames++;
                System.Threading.Thread.Sleep(1);
            }
            return frames;
        }

        /// <summary>A character with ARKit's names that is ready to play a sound; nothing plays yet.</summary>
        public static Actor Character(TalkFaceModelAsset model, VoiceInput input = VoiceInput.Clip, int seed = 1)
        {
            var body = new GameObject("character");
            body.SetActive(false);
            var actor = new Actor { Body = body, Audio = body.AddComponent<AudioSource>() };
            actor.Source = body.AddComponent<TalkFaceSource>();
            actor.Source.Model = model;
            actor.Source.Input = input;
            actor.Source.Seed = seed;
            actor.Face = Face(body, TalkFace.Names.Channels, 100);
            actor.Driver = body.AddComponent<TalkFaceDriver>();
            return actor;
        }

        /// <summary>The package's example sentence, 16 kHz mono, at its own rate.</summary>
        public static AudioClip Speech()
        {
            var bytes = File.ReadAllBytes(Environment.GetEnvironmentVariable("TALKFACE_TEST_SPEECH"));
            int at = 12;
            int rate = 0;
            int channels = 0;
            while (true)
            {
                var tag = System.Text.Encoding.ASCII.GetString(bytes, at, 4);
                var size = BitConverter.ToInt32(bytes, at + 4);
                if (tag == "fmt ")
                {
                    channels = BitConverter.ToInt16(bytes, at + 10);
                    rate = BitConverter.ToInt32(bytes, at + 12);
                }
                if (tag == "data")
                    return Clip("speech", Floats(bytes, at + 8, size / 2), channels, rate);
                at += 8 + size + (size & 1);
            }
        }

        public static AudioClip Clip(string name, float[] samples, int channels, int rate)
        {
            var clip = AudioClip.Create(name, samples.Length / channels, channels, rate, false);
            clip.SetData(samples, 0);
            return clip;
        }

        public static float[] Data(AudioClip clip)
        {
            var data = new float[clip.samples * clip.channels];
            clip.GetData(data, 0);
            return data;
        }

        /// <summary>A core stream alone that has heard a whole sound: what the components' poses must equal.</summary>
        public static FaceStream Reference(FaceModel model, AudioClip clip, FaceStreamOptions like)
        {
            var options = like.Copy();
            options.RingMs = 60000;
            options.StoreMs = 60000;
            var stream = new FaceStream(model, options);
            stream.Push(Data(clip));
            stream.Flush();
            stream.Process();
            return stream;
        }

        private static float[] Floats(byte[] bytes, int at, int count)
        {
            var samples = new float[count];
            for (var i = 0; i < count; i++)
                samples[i] = BitConverter.ToInt16(bytes, at + 2 * i) / 32768f;
            return samples;
        }
    }

    internal sealed class Actor
    {
        public GameObject Body;
        public AudioSource Audio;
        public TalkFaceSource Source;
        public TalkFaceDriver Driver;
        public SkinnedMeshRenderer Face;

        public void Enter()
        {
            Body.SetActive(true);
        }

        public float Weight(Channel channel)
        {
            return Face.GetBlendShapeWeight((int)channel);
        }

        /// <summary>How far the jaw is open, 0 to 100.</summary>
        public double Jaw
        {
            get { return Weight(Channel.JawOpen); }
        }
    }
}
