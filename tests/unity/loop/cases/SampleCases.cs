using System;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Unity;
using TalkFace.Unity.Samples;
using UnityEngine;
using UnityEngine.Playables;

namespace Loop
{
    /// <summary>What the samples' scripts do when somebody presses play.</summary>
    public sealed class SampleCases
    {
        private readonly AudioClip clip = Cast.Speech();

        private static float Jaw(Func<float> now, double seconds)
        {
            var most = 0f;
            World.Play(seconds, 1 / 60f, () => most = Math.Max(most, now()));
            return most;
        }

        [Test]
        public void Minimal()
        {
            var body = new GameObject("character");
            body.SetActive(false);
            var face = Cast.Face(body, Names.Channels, 100);
            var sample = body.AddComponent<TalkingCharacter>();
            sample.Model = Cast.Model();
            body.SetActive(true);
            sample.Say(clip);
            Assert.Greater(Jaw(() => face.GetBlendShapeWeight((int)Channel.JawOpen), 1.5), 5);
        }

        [Test]
        public void Crowd()
        {
            var character = new GameObject("character");
            Cast.Face(character, Names.Channels, 100);
            var sample = new GameObject("crowd").AddComponent<CrowdOfCharacters>();
            sample.Set(Cast.Model(), character, new[] { clip }, 12);
            World.Play(0.2);
            Assert.AreEqual(12, sample.Voices.Count);
            Assert.AreEqual(12, sample.gameObject.GetComponent<TalkFaceCrowd>().Stats.Streams);
            foreach (var voice in sample.Voices)
                Assert.Greater(Jaw(() => voice.Pose[Channel.JawOpen], 0.8), 0.01, voice.Seed.ToString());
        }

        private static void Give(object sample, string field, object value)
        {
            sample.GetType().GetField(field, System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic).SetValue(sample, value);
        }

        [Test]
        public void TimelineBake()
        {
            var lines = new BakedFaceAsset[2];
            for (var i = 0; i < 2; i++)
            {
                lines[i] = ScriptableObject.CreateInstance<BakedFaceAsset>();
                lines[i].name = "line" + i;
                lines[i].Set(clip, new BakedClip { Seconds = 2 + i });
            }
            var actor = Cast.Character(Cast.Model());
            var stage = new GameObject("stage");
            var director = stage.AddComponent<PlayableDirector>();
            var sample = stage.AddComponent<BakedCutscene>();
            Give(sample, "character", actor.Driver);
            Give(sample, "mouth", actor.Audio);
            Give(sample, "lines", lines);
            World.Frame(1 / 60f);
            Assert.IsTrue(Director.Plays(director));
            var tracks = Tracks.Of(director);
            Assert.AreEqual(2, tracks.Count);
            Assert.AreSame(actor.Driver, director.GetGenericBinding(tracks[0]));
            Assert.AreSame(actor.Audio, director.GetGenericBinding(tracks[1]));
            for (var i = 0; i < 2; i++)
            {
                var face = Tracks.Clips(tracks[0])[i];
                Assert.AreSame(lines[i], ((TalkFaceTimelineClip)face.asset).Face);
                Assert.AreEqual(i * 2.4, face.start, 1e-5);
                Assert.AreEqual(2.0 + i, face.duration, 1e-5);
                Assert.AreSame(clip, Tracks.Clips(tracks[1])[i].asset);
                Assert.AreEqual(face.start, Tracks.Clips(tracks[1])[i].start);
            }
        }

        [Test]
        public void ALineOfAnOddNumberOfBytesDoesNotSpoilTheNext()
        {
            var actor = Cast.Character(Cast.Model(), VoiceInput.Push);
            actor.Source.PushSampleRate = clip.frequency;
            var voice = actor.Body.AddComponent<TtsVoice>();
            actor.Enter();
            voice.Receive(new byte[801], 801);
            voice.Finish();
            World.Play(1);
            var steady = new byte[clip.frequency];
            for (var i = 0; i < steady.Length; i += 2)
                steady[i + 1] = 0x20;
            voice.Receive(steady, steady.Length);
            voice.Finish();
            var loudest = 0f;
            World.Play(1, 1 / 60f, () => loudest = Math.Max(loudest, Sound.Mixed[0]));
            Assert.AreEqual(0.25f, loudest, 1e-3, "0x2000, not 0x0020");
        }

        [Test]
        public void ALineThatComesWhileTheVoiceIsOffIsSpokenWholeThroughASmallBuffer()
        {
            var actor = Cast.Character(Cast.Model(), VoiceInput.Push);
            actor.Source.PushSampleRate = clip.frequency;
            actor.Source.PushBufferSeconds = 1;
            var voice = actor.Body.AddComponent<TtsVoice>();
            actor.Source.enabled = false;
            actor.Enter();
            var steady = new byte[clip.frequency * 2 * 4];
            for (var i = 0; i < steady.Length; i += 2)
                steady[i + 1] = 0x20;
            voice.Receive(steady, steady.Length);
            voice.Finish();
            World.Play(0.5);
            actor.Source.enabled = true;
            var loud = 0;
            for (var i = 0; i < 6 * Sound.Rate / Sound.Block; i++)
            {
                Sound.NextBlock();
                for (var j = 0; j < Sound.Block; j++)
                    loud += Sound.Mixed[j * Sound.Channels] > 0.2f ? 1 : 0;
                World.Frame(Sound.Block / (float)Sound.Rate);
            }
            Assert.AreEqual(4, loud / (double)Sound.Rate, 0.01, "four seconds, all of them");
        }

        [Test]
        public void LiveTtsWithOddChunks()
        {
            var actor = Cast.Character(Cast.Model(), VoiceInput.Push);
            actor.Source.PushSampleRate = clip.frequency;
            var voice = actor.Body.AddComponent<TtsVoice>();
            actor.Enter();
            var data = Cast.Data(clip);
            var bytes = new byte[data.Length * 2];
            for (var i = 0; i < data.Length; i++)
                BitConverter.GetBytes((short)(data[i] * 32768)).CopyTo(bytes, 2 * i);
            var chunk = new byte[1001];
            var sent = 0;
            var jaw = 0f;
            var played = 0.0;
            World.Play(clip.length + 1.5, 1 / 60f, () =>
            {
                var count = Math.Min(chunk.Length, bytes.Length - sent);
                Array.Copy(bytes, sent, chunk, 0, count);
                voice.Receive(chunk, count);
                sent += count;
                if (count > 0 && sent == bytes.Length)
                    voice.Finish();
                jaw = Math.Max(jaw, actor.Weight(Channel.JawOpen));
                played = Math.Max(played, actor.Source.WaitingSeconds);
            });
            Assert.AreEqual(bytes.Length, sent);
            Assert.Greater(jaw, 5);
            Assert.Greater(played, 0.1);
            Assert.AreEqual(0.0, actor.Source.WaitingSeconds);
            voice.Receive(bytes, bytes.Length);
            World.Play(0.5);
            voice.Interrupt();
            World.Play(0.5);
            Assert.AreEqual(0.0, actor.Source.WaitingSeconds);
        }
    }
}
