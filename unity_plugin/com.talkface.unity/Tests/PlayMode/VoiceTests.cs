using System.Collections;
using System.IO;
using NUnit.Framework;
using TalkFace.Native;
using UnityEngine;
using UnityEngine.TestTools;

namespace TalkFace.Unity.Tests
{
    /// <summary>Need the default bundle in StreamingAssets: Tools > TalkFace > Copy Default Bundle.</summary>
    public sealed class VoiceTests
    {
        private TalkFaceModelAsset model;
        private GameObject body;
        private AudioSource audio;
        private TalkFaceSource source;
        private SkinnedMeshRenderer face;
        private int before;

        [SetUp]
        public void SetUp()
        {
            before = NativeHandle.Alive;
            model = ScriptableObject.CreateInstance<TalkFaceModelAsset>();
            model.OpenInBackground = false;
            foreach (string folder in new[] { "TalkFace/default", "default" })
            {
                if (File.Exists(Path.Combine(Application.streamingAssetsPath, folder, "manifest.json")))
                {
                    model.StreamingAssetsFolder = folder;
                }
            }
            body = new GameObject("voice");
            body.SetActive(false);
            audio = body.AddComponent<AudioSource>();
            source = body.AddComponent<TalkFaceSource>();
            source.Model = model;
            Mesh mesh = new Mesh { vertices = new[] { Vector3.zero, Vector3.up, Vector3.right }, triangles = new[] { 0, 1, 2 } };
            foreach (string channel in Names.Channels)
            {
                mesh.AddBlendShapeFrame(channel, 100, new Vector3[3], null, null);
            }
            GameObject item = new GameObject("face");
            item.transform.SetParent(body.transform, false);
            face = item.AddComponent<SkinnedMeshRenderer>();
            face.sharedMesh = mesh;
            body.AddComponent<TalkFaceDriver>().EaseSeconds = 0;
        }

        [TearDown]
        public void TearDown()
        {
            Object.DestroyImmediate(body);
            Object.DestroyImmediate(model);
            Assert.AreEqual(before, NativeHandle.Alive, "native objects outlive the test");
        }

        [UnityTest]
        public IEnumerator TheFaceShowsThePoseOfItsVoice()
        {
            audio.clip = Noise(2);
            audio.loop = true;
            body.SetActive(true);
            audio.Play();
            for (int frame = 0; frame < 120; frame++)
            {
                yield return null;
            }
            Assert.IsNull(source.Problem);
            Assert.Greater(source.Playhead, 0);
            for (int i = 0; i < Names.Channels.Length; i++)
            {
                Assert.AreEqual(source.Pose.Weights[i] * 100, face.GetBlendShapeWeight(i), 1e-3, Names.Channels[i]);
            }
        }

        [UnityTest]
        public IEnumerator PushedAudioIsHeardToItsEnd()
        {
            source.Input = VoiceInput.Push;
            source.PushSampleRate = 16000;
            body.SetActive(true);
            yield return null;
            float[] samples = new float[8000];
            Assert.AreEqual(8000, source.Push(samples, 0, 8000));
            source.EndPush();
            for (int frame = 0; frame < 300 && source.WaitingSeconds > 0; frame++)
            {
                yield return null;
            }
            Assert.AreEqual(0.0, source.WaitingSeconds);
        }

        [UnityTest]
        public IEnumerator APreloadedModelIsThereForTheFirstVoice()
        {
            TalkFaceModelLoad load = model.PreloadAsync();
            Assert.IsFalse(load.IsDone);
            yield return load;
            Assert.IsNull(load.Error);
            body.SetActive(true);
            Assert.IsNotNull(source.Stream);
            model.Unload();
        }

        private static AudioClip Noise(int seconds)
        {
            System.Random random = new System.Random(1);
            float[] samples = new float[16000 * seconds];
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = (float)((random.NextDouble() - 0.5) * 0.2);
            }
            AudioClip clip = AudioClip.Create("noise", samples.Length, 1, 16000, false);
            clip.SetData(samples, 0);
            return clip;
        }
    }
}
