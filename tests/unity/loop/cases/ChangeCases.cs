using System;
using System.Collections.Generic;
using System.Threading;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Native;
using TalkFace.Unity;
using UnityEngine;

namespace Loop
{
    /// <summary>Settings that change while a voice speaks, by script or in the inspector.</summary>
    public sealed class ChangeCases
    {
        private readonly AudioClip clip = Cast.Speech();
        private TalkFaceModelAsset model;
        private TalkFaceModelAsset quick;
        private Actor actor;

        [SetUp]
        public void SetUp()
        {
            model = Cast.Model();
            quick = Cast.Model();
            quick.StreamingAssetsFolder = "low_latency";
            actor = Cast.Character(model);
            actor.Audio.loop = true;
            actor.Source.PushSampleRate = clip.frequency;
            actor.Enter();
            actor.Source.Play(clip);
            World.Play(0.5);
        }

        private double Latency
        {
            get { return actor.Source.Stream.LatencySeconds; }
        }

        private void Speaks(string when)
        {
            var jaw = 0.0;
            World.Play(1.2, 1 / 60f, () => jaw = Math.Max(jaw, actor.Jaw));
            Assert.Greater(jaw, 3, when);
            Assert.IsTrue(actor.Source.Problem == null, when);
        }

        private TalkFaceCrowd Crowd(TalkFaceModelAsset of)
        {
            var crowd = new GameObject("crowd").AddComponent<TalkFaceCrowd>();
            crowd.Model = of;
            return crowd;
        }

        [Test]
        public void AnotherModelIsSpokenWithAndTheOldOneClosed()
        {
            Assert.AreEqual(0.142, Latency, 0.01);
            Cast.Inspect(actor.Source, "model", quick);
            World.Play(0.1);
            Assert.AreEqual(0.082, Latency, 0.01, "by the inspector");
            Assert.AreEqual(2, NativeHandle.Alive, "a model and a stream");
            Speaks("by the inspector");
            actor.Source.Model = model;
            World.Play(0.1);
            Assert.AreEqual(0.142, Latency, 0.01, "by script");
            Assert.AreEqual(2, NativeHandle.Alive, "a model and a stream");
            Speaks("by script");
        }

        [Test]
        public void ACrowdIsJoinedAndLeft()
        {
            var crowd = Crowd(quick);
            Cast.Inspect(actor.Source, "crowd", crowd);
            World.Play(0.1);
            Assert.AreEqual(1, crowd.Stats.Streams);
            Assert.AreEqual(3, NativeHandle.Alive, "the crowd's model, crowd, stream");
            Speaks("in the crowd");
            Cast.Inspect(actor.Source, "crowd", null);
            World.Play(0.1);
            Assert.AreEqual(0, crowd.Stats.Streams);
            Assert.AreEqual(4, NativeHandle.Alive, "two models, crowd, stream");
            Speaks("alone");
            actor.Source.Crowd = crowd;
            World.Play(0.1);
            Assert.AreEqual(1, crowd.Stats.Streams);
            UnityEngine.Object.Destroy(crowd.gameObject);
            World.Play(0.1);
            Assert.AreEqual(2, NativeHandle.Alive, "its own model when the crowd is gone");
            Speaks("after the crowd");
        }

        [Test]
        public void ACrowdsModelAndLimitsChangeForAllOfIt()
        {
            var crowd = Crowd(model);
            var other = Cast.Character(null);
            other.Source.Crowd = crowd;
            other.Enter();
            actor.Source.Crowd = crowd;
            World.Play(0.2);
            var first = actor.Source.Stream;
            World.Play(0.2);
            Assert.IsTrue(ReferenceEquals(first, actor.Source.Stream), "nothing changes, nothing is made anew");
            Cast.Inspect(crowd, "model", quick);
            World.Play(0.1);
            Assert.AreEqual(0.082, Latency, 0.01);
            Assert.AreEqual(4, NativeHandle.Alive, "one model, crowd, two streams");
            Speaks("with another model");
            crowd.MaxVoices = 1;
            World.Play(0.1);
            Assert.AreEqual(1, crowd.Stats.Streams);
            Assert.AreEqual(1, World.Errors.Count, "one voice finds no place, and says so once");
            World.Errors.Clear();
            crowd.MaxVoices = 2;
            World.Play(0.1);
            Assert.AreEqual(2, crowd.Stats.Streams);
            Assert.IsNull(other.Source.Problem);
        }

        [Test]
        public void ACrowdThatCannotOpenIsMended()
        {
            var crowd = Crowd(null);
            actor.Source.Crowd = crowd;
            World.Play(0.2);
            Assert.AreEqual(1, World.Errors.Count, "said once");
            Assert.IsTrue(crowd.Problem.Contains("TalkFace > Model"), crowd.Problem);
            World.Errors.Clear();
            Cast.Inspect(crowd, "model", model);
            Speaks("mended");
            Assert.IsNull(crowd.Problem);
        }

        [Test]
        public void EveryInputFollowsEveryOther()
        {
            var data = Cast.Data(clip);
            foreach (var next in new[] { VoiceInput.Push, VoiceInput.Tap, VoiceInput.Push, VoiceInput.Clip, VoiceInput.Tap, VoiceInput.Clip })
            {
                Cast.Inspect(actor.Source, "input", next);
                World.Frame(1 / 60f);
                if (next == VoiceInput.Push)
                    actor.Source.Push(data, 0, data.Length);
                else
                    Assert.IsTrue(ReferenceEquals(clip, actor.Audio.clip), "the clip is back for " + next);
                if (next != VoiceInput.Push && !actor.Audio.isPlaying)
                    actor.Audio.Play();
                Speaks(next.ToString());
                Assert.AreEqual(2, NativeHandle.Alive, "a model and a stream");
            }
        }

        [Test]
        public void AScriptMayTakePushToClipAndPlayInOneFrame()
        {
            actor.Source.Input = VoiceInput.Push;
            World.Play(0.2);
            actor.Source.Input = VoiceInput.Clip;
            actor.Source.Play(clip);
            World.Play(0.1);
            Assert.IsTrue(actor.Audio.isPlaying);
            Assert.AreSame(clip, actor.Audio.clip);
            Speaks("the clip");
            Cast.Inspect(actor.Source, "input", VoiceInput.Push);
            World.Play(0.2);
            Cast.Inspect(actor.Source, "input", VoiceInput.Clip);
            actor.Source.Play(clip);
            World.Play(0.1);
            Assert.IsTrue(actor.Audio.isPlaying, "a clip that was put over the carrier plays on");
        }

        [Test]
        public void PushedAudioThatWaitsOutlivesItsStream()
        {
            actor.Source.Input = VoiceInput.Push;
            World.Play(0.3);
            var data = Cast.Data(clip);
            actor.Source.Push(data, 0, data.Length);
            actor.Source.EndPush();
            double spoken = 0;
            double given = 0;
            foreach (var value in data)
                given += value * value;
            var steps = 0;
            var jaw = 0.0;
            for (var time = 0.0; time < clip.length + 2; time += Sound.Block / (double)Sound.Rate)
            {
                if (++steps == 40)
                    Cast.Inspect(actor.Source, "model", quick);
                Sound.NextBlock();
                for (var i = 0; i < Sound.Block; i++)
                    spoken += Sound.Mixed[i * Sound.Channels] * Sound.Mixed[i * Sound.Channels] / 3;
                World.Frame(Sound.Block / (float)Sound.Rate);
                jaw = steps > 60 ? Math.Max(jaw, actor.Jaw) : 0;
            }
            Assert.AreEqual(0.082, Latency, 0.01);
            Assert.Greater(jaw, 5, "with lips");
            Assert.AreEqual(1, spoken / given, 0.2, "every sample once");
            Assert.AreEqual(0.0, actor.Source.WaitingSeconds);
        }

        [Test]
        public void AudioPushedInAnotherFormBeginsAnew()
        {
            actor.Source.Input = VoiceInput.Push;
            World.Play(0.1);
            var data = Cast.Data(clip);
            actor.Source.Push(data, 0, data.Length);
            Cast.Inspect(actor.Source, "pushChannels", 2);
            Assert.Throws<ArgumentOutOfRangeException>(() => actor.Source.Push(data, 0, data.Length + 1));
            World.Play(0.1);
            Assert.AreEqual(0.0, actor.Source.WaitingSeconds);
            Assert.Throws<ArgumentOutOfRangeException>(() => actor.Source.Push(data, 0, data.Length));
            actor.Source.Push(data, 0, data.Length / 2);
            World.Play(0.1);
            Assert.AreEqual(2, actor.Source.Stream.Options.Channels);
        }

        [Test]
        public void AnAssetThatChangesIsOpenedAnewByWhoeverHasIt()
        {
            var other = Cast.Character(model);
            other.Enter();
            World.Play(0.1);
            Cast.Inspect(model, "streamingAssetsFolder", "low_latency");
            World.Play(0.1);
            Assert.AreEqual(0.082, Latency, 0.01);
            Assert.AreEqual(0.082, other.Source.Stream.LatencySeconds, 0.01);
            Assert.AreEqual(3, NativeHandle.Alive, "one model, two streams");
            var stream = actor.Source.Stream;
            Cast.Inspect(model, "streamingAssetsFolder", "low_latency");
            World.Play(0.1);
            Assert.IsTrue(ReferenceEquals(stream, actor.Source.Stream), "the editor validates often; nothing has changed");
            Cast.Inspect(model, "streamingAssetsFolder", "nowhere");
            World.Play(0.1);
            Assert.AreEqual(2, World.Errors.Count, "each voice says so once");
            Assert.AreEqual(0, NativeHandle.Alive);
            World.Errors.Clear();
            Cast.Inspect(model, "streamingAssetsFolder", "default");
            Speaks("mended");
            model.Threads = 2;
            World.Play(0.1);
            Assert.AreEqual(3, NativeHandle.Alive, "one model, two streams");
            Assert.IsFalse(ReferenceEquals(stream, actor.Source.Stream));
        }

        [Test]
        public void ASettingTakesEffectAndTheModelStaysOpen()
        {
            var info = model.Info;
            Cast.Inspect(actor.Source, "sleepMs", 300);
            World.Play(0.1);
            Assert.AreEqual(300, actor.Source.Stream.Options.SleepMs);
            Cast.Inspect(actor.Source, "style", new TextAsset("{\"talkface_style\": 1, \"rest\": {\"mouthDimpleLeft\": 0.4}}"));
            World.Play(0.5);
            Assert.Greater(actor.Weight(Channel.MouthDimpleLeft), 20);
            Cast.Inspect(actor.Source, "seed", 9);
            World.Play(0.1);
            Assert.AreEqual(9UL, actor.Source.Stream.Options.Seed);
            Assert.IsTrue(ReferenceEquals(info, model.Info), "it was not opened anew");
            Cast.Inspect(actor.Source, "style", new TextAsset("{"));
            World.Play(0.1);
            Assert.AreEqual(1, World.Errors.Count, "a broken style is said once");
            World.Errors.Clear();
            Cast.Inspect(actor.Source, "style", null);
            Speaks("without it");
        }

        [Test]
        public void EventsComeInPairsWhenAStreamIsMadeAnew()
        {
            var said = new List<string>();
            actor.Source.OnSpeechStarted.AddListener(() => said.Add("started"));
            actor.Source.OnSpeechFinished.AddListener(() => said.Add("finished"));
            World.Play(1);
            said.Clear();
            Assert.IsTrue(actor.Source.IsSpeaking);
            Cast.Inspect(actor.Source, "model", quick);
            World.Play(1);
            Assert.AreEqual("finished started", string.Join(" ", said.ToArray()));
            actor.Source.enabled = false;
            Assert.AreEqual("finished started finished", string.Join(" ", said.ToArray()));
            Assert.IsFalse(actor.Source.IsSpeaking);
            actor.Source.enabled = true;
            Cast.Wait(() => actor.Source.IsSpeaking);
            said.Clear();
            World.UnloadScene();
            Assert.AreEqual(0, said.Count, "listeners may be gone with the scene");
        }

        [Test]
        public void EverythingChangesUnderThreadsThatPlayAndPush()
        {
            var crowd = Crowd(model);
            quick.OpenInBackground = true;
            actor.Source.Input = VoiceInput.Push;
            World.Play(0.1);
            var data = Cast.Data(clip);
            var stop = false;
            Exception thrown = null;
            var pushed = 0L;
            Action<Action> thread = work =>
            {
                try
                {
                    while (!Volatile.Read(ref stop))
                        work();
                }
                catch (Exception error)
                {
                    thrown = error;
                }
            };
            var audio = new Thread(() => thread(() =>
            {
                Sound.NextBlock();
                Thread.Sleep(1);
            }));
            var tts = new Thread(() => thread(() =>
            {
                if (actor.Source.WaitingSeconds < 2)
                    pushed += actor.Source.Push(data, 0, 4000);
                else
                    Thread.Sleep(1);
            }));
            audio.Start();
            tts.Start();
            var jaw = 0.0;
            for (var frame = 0; frame < 600 && thrown == null; frame++)
            {
                if (frame % 30 == 10)
                    actor.Source.Model = ReferenceEquals(actor.Source.Model, model) ? quick : model;
                if (frame % 70 == 50)
                    actor.Source.Crowd = actor.Source.Crowd == null ? crowd : null;
                if (frame % 50 == 40)
                    actor.Source.Seed++;
                if (frame % 90 == 80)
                    actor.Source.Interrupt(50);
                World.Frame(1 / 60f);
                Thread.Sleep(2);
                jaw = Math.Max(jaw, actor.Jaw);
            }
            Volatile.Write(ref stop, true);
            audio.Join();
            tts.Join();
            Assert.IsTrue(thrown == null, thrown + "");
            Assert.Greater(jaw, 3);
            Assert.Greater(pushed, 2 * clip.frequency);
        }

        [Test]
        public void AClipThatCannotBeReadDoesNotSilenceTheNext()
        {
            var packed = Cast.Speech();
            Cast.Inspect(packed, "SimLoadType", AudioClipLoadType.Streaming);
            actor.Source.Play(packed);
            World.Play(0.3);
            Assert.AreEqual(1, World.Errors.Count, "said once");
            Assert.IsTrue(actor.Source.Problem.Contains("Decompress On Load"), actor.Source.Problem);
            World.Errors.Clear();
            actor.Source.Play(clip);
            Speaks("the next clip");
        }
    }
}
