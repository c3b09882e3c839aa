using System;
using System.Collections.Generic;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

namespace Loop
{
    /// <summary>Audio that a text-to-speech engine brings, and audio that is tapped as it is mixed.</summary>
    public sealed class PushCases
    {
        private readonly AudioClip clip = Cast.Speech();
        private TalkFaceModelAsset model;
        private Actor actor;

        [SetUp]
        public void SetUp()
        {
            model = Cast.Model();
        }

        private void Enter(VoiceInput input, Action<TalkFaceSource> prepare = null)
        {
            actor = Cast.Character(model, input);
            actor.Driver.EaseSeconds = 0;
            actor.Source.PushSampleRate = clip.frequency;
            if (prepare != null)
                prepare(actor.Source);
            actor.Enter();
        }

        /// <summary>Everything that is heard, at the mixer's rate, one channel.</summary>
        private static List<float> Record(double seconds, Action each = null)
        {
            var heard = new List<float>();
            for (var i = 0; i < seconds * Sound.Rate / Sound.Block; i++)
            {
                Sound.NextBlock();
                for (var j = 0; j < Sound.Block; j++)
                    heard.Add(Sound.Mixed[j * Sound.Channels]);
                World.Frame(Sound.Block / (float)Sound.Rate);
                if (each != null)
                    each();
            }
            return heard;
        }

        /// <summary>Frames by which b is behind a where they are most alike.</summary>
        private static int Delay(IList<float> a, IList<float> b, int most, int length)
        {
            var best = double.MinValue;
            var at = -1;
            for (var delay = 0; delay < most; delay += 3)
            {
                var sum = 0.0;
                for (var i = 0; i < length && i + delay < b.Count; i += 7)
                    sum += a[i] * b[i + delay];
                if (sum > best)
                {
                    best = sum;
                    at = delay;
                }
            }
            return at;
        }

        [Test]
        public void ALineIsHeardWholeAndItsLipsAreTheCores()
        {
            Enter(VoiceInput.Push);
            var data = Cast.Data(clip);
            Record(1);
            Assert.AreEqual(data.Length, actor.Source.Push(data, 0, data.Length), "at once");
            actor.Source.EndPush();
            Record(0.1);
            var opened = model.Acquire();
            var reference = Cast.Reference(opened, clip, actor.Source.Stream.Options);
            var pose = new FacePose();
            var checkedFrames = 0;
            var heard = Record(clip.length + 0.6, () =>
            {
                reference.Sample(actor.Source.Playhead, pose);
                if (!actor.Source.IsSpeaking || actor.Source.Playhead > data.Length - 3000)
                    return;
                for (var i = 0; i < FacePose.ChannelCount; i++)
                    Assert.AreEqual(pose.Weights[i], actor.Source.Pose.Weights[i], 1e-6, Names.Channels[i] + " at " + actor.Source.Playhead);
                checkedFrames++;
            });
            Assert.Greater(checkedFrames, 50);
            Assert.AreEqual(0.0, actor.Source.WaitingSeconds);
            double spoken = 0;
            double given = 0;
            foreach (var value in heard)
                spoken += value * value / 3;
            foreach (var value in data)
                given += value * value;
            Assert.Greater(spoken / given, 0.85, "the sound, but for its first tenth of a second");
            Assert.Less(spoken / given, 1.05);
            reference.Dispose();
            model.Release(opened);
        }

        [Test]
        public void LipsAndSoundAreTogether()
        {
            Enter(VoiceInput.Push);
            Record(0.5);
            var data = Cast.Data(clip);
            actor.Source.Push(data, 0, data.Length);
            actor.Source.EndPush();
            var soundAt = -1.0;
            var lipsAt = -1.0;
            var time = 0.0;
            var loud = Array.FindIndex(data, value => Math.Abs(value) > 0.1f);
            Record(2, () =>
            {
                time += Sound.Block / (double)Sound.Rate;
                if (soundAt < 0 && Array.Exists(Sound.Mixed, value => Math.Abs(value) > 0.1f))
                    soundAt = time;
                if (lipsAt < 0 && actor.Source.IsSpeaking && actor.Source.Playhead >= loud)
                    lipsAt = time;
            });
            Assert.Greater(soundAt, 0);
            Assert.AreEqual(soundAt + Sound.Block / (double)Sound.Rate, lipsAt, 0.045, "a block of output latency later");
            Assert.Less(soundAt, loud / (double)clip.frequency + 0.15, "soon");
        }

        [Test]
        public void AudioThatComesSlowerThanItIsSpokenWaitsForMore()
        {
            Enter(VoiceInput.Push);
            var data = Cast.Data(clip);
            Record(0.2);
            var at = 0;
            var late = 0;
            var heard = Record(clip.length * 2.5, () =>
            {
                late += actor.Source.WaitingSeconds > 0 && (actor.Source.Pose.Flags & (PoseFlags.Held | PoseFlags.Easing)) != 0 ? 1 : 0;
                if (at < data.Length)
                {
                    var frames = Math.Min(data.Length - at, 160);
                    at += actor.Source.Push(data, at, frames);
                    if (at == data.Length)
                        actor.Source.EndPush();
                }
            });
            double spoken = 0;
            double given = 0;
            foreach (var value in heard)
                spoken += value * value / 3;
            foreach (var value in data)
                given += value * value;
            Assert.AreEqual(0, late, "frames in which the sound was ahead of its lips");
            Assert.AreEqual(1, spoken / given, 0.2, "every sample once");
            Assert.AreEqual(0.0, actor.Source.WaitingSeconds);
        }

        [Test]
        public void ALineWithoutAnEndEndsByItself()
        {
            Enter(VoiceInput.Push);
            var data = Cast.Data(clip);
            actor.Source.Push(data, 0, data.Length);
            Record(clip.length + 1.5);
            Assert.AreEqual(0.0, actor.Source.WaitingSeconds);
            var blink = 0f;
            Record(8, () => blink = Math.Max(blink, actor.Weight(Channel.EyeBlinkLeft)));
            Assert.Greater(blink, 50, "idle life goes on");
        }

        [Test]
        public void PcmIsTheSameAsFloats()
        {
            Enter(VoiceInput.Push);
            var data = Cast.Data(clip);
            var bytes = new byte[data.Length * 2];
            for (var i = 0; i < data.Length; i++)
                BitConverter.GetBytes((short)(data[i] * 32768)).CopyTo(bytes, 2 * i);
            Assert.AreEqual(data.Length, actor.Source.PushPcm16(bytes, 0, data.Length));
            actor.Source.EndPush();
            var jaw = 0.0;
            Record(1.5, () => jaw = Math.Max(jaw, actor.Jaw));
            Assert.Greater(jaw, 5);
        }

        [Test]
        public void BargeInForgetsWhatWaitsAndTheNextLineIsWhole()
        {
            Enter(VoiceInput.Push);
            var data = Cast.Data(clip);
            actor.Source.Push(data, 0, data.Length);
            Record(1);
            actor.Source.Interrupt(120);
            var other = new float[clip.frequency];
            for (var i = 0; i < other.Length; i++)
                other[i] = (float)(0.4 * Math.Sin(i * 0.2));
            Assert.AreEqual(other.Length, actor.Source.Push(other, 0, other.Length), "in the same frame");
            actor.Source.EndPush();
            var heard = Record(2);
            var loud = 0;
            foreach (var value in heard)
                loud += Math.Abs(value) > 0.1f ? 1 : 0;
            Assert.AreEqual(0.84, loud / (double)Sound.Rate, 0.06, "one second of the tone, and nothing else");
            Assert.AreEqual(0.0, actor.Source.WaitingSeconds);
        }

        [Test]
        public void PushedAudioHasTheVolumeOfItsAudioSource()
        {
            Enter(VoiceInput.Push);
            var tone = new float[clip.frequency];
            for (var i = 0; i < tone.Length; i++)
                tone[i] = (float)(0.8 * Math.Sin(i * 0.2));
            foreach (var volume in new[] { 1f, 0.25f, 0f })
            {
                actor.Audio.volume = volume;
                Assert.AreEqual(tone.Length, actor.Source.Push(tone, 0, tone.Length));
                actor.Source.EndPush();
                var loudest = 0f;
                foreach (var value in Record(2))
                    loudest = Math.Max(loudest, Math.Abs(value));
                Assert.AreEqual(0.8f * volume, loudest, 0.02, "the gain that Unity sets before the filters");
            }
        }

        [Test]
        public void NothingOfPushedAudioIsLeftOnTheAudioSource()
        {
            actor = Cast.Character(model, VoiceInput.Push);
            actor.Audio.clip = clip;
            actor.Enter();
            Record(0.5);
            Assert.IsFalse(ReferenceEquals(clip, actor.Audio.clip));
            Assert.IsTrue(actor.Audio.loop);
            actor.Source.Input = VoiceInput.Clip;
            Assert.AreSame(clip, actor.Audio.clip);
            Assert.IsFalse(actor.Audio.loop);
            foreach (var value in Record(0.5))
                Assert.AreEqual(0f, value);
        }

        [Test]
        public void AnAudioSourceThatWasStoppedGoesOnAndAPausedOneWaits()
        {
            Enter(VoiceInput.Push);
            var data = Cast.Data(clip);
            Record(0.2);
            actor.Source.Push(data, 0, data.Length);
            Record(0.5);
            actor.Audio.Stop();
            Record(0.5);
            Assert.IsTrue(actor.Audio.isPlaying);
            actor.Audio.enabled = false;
            Record(0.2);
            actor.Audio.Stop();
            actor.Audio.enabled = true;
            Record(0.2);
            Assert.IsTrue(actor.Audio.isPlaying);
            actor.Audio.Pause();
            var waits = actor.Source.WaitingSeconds;
            Record(0.5);
            Assert.IsFalse(actor.Audio.isPlaying);
            Assert.AreEqual(waits, actor.Source.WaitingSeconds, "a pause is the game's own");
            actor.Audio.UnPause();
            Record(0.5);
            Assert.Less(actor.Source.WaitingSeconds, waits - 0.3);
        }

        [Test]
        public void ClipsAreNotPlayedOverPushedAudioUnsaid()
        {
            Enter(VoiceInput.Push);
            Record(0.2);
            Assert.IsTrue(Assert.Throws<InvalidOperationException>(() => actor.Source.Play(clip)).Message.Contains("Input Clip"));
            actor.Audio.clip = clip;
            actor.Audio.Play();
            Record(0.2);
            Assert.AreEqual(1, World.Errors.Count);
            Assert.IsTrue(actor.Source.Problem.Contains("set Input to Clip"), actor.Source.Problem);
            World.Errors.Clear();
            Assert.IsTrue(actor.Audio.isPlaying, "what the game plays is left to it");
            actor.Source.Input = VoiceInput.Clip;
            var jaw = 0.0;
            Record(1.5, () => jaw = Math.Max(jaw, actor.Jaw));
            Assert.Greater(jaw, 3);
        }

        [Test]
        public void AFullBufferSaysHowMuchItTook()
        {
            Enter(VoiceInput.Push);
            var minute = new float[clip.frequency * 120];
            var taken = actor.Source.Push(minute, 0, minute.Length);
            Assert.Greater(taken, clip.frequency * 29);
            Assert.Less(taken, minute.Length);
            Assert.AreEqual(0, actor.Source.Push(minute, 0, 1000));
            Assert.Throws<ArgumentOutOfRangeException>(() => actor.Source.Push(minute, 5, minute.Length));
            Assert.Throws<ArgumentOutOfRangeException>(() => actor.Source.Push(null, 0, 1));
            actor.Source.Input = VoiceInput.Clip;
            World.Frame(1 / 60f);
            Assert.Throws<InvalidOperationException>(() => actor.Source.Push(minute, 0, 10));
        }

        [Test]
        public void ATapHoldsTheSoundBackToItsLips()
        {
            Enter(VoiceInput.Tap);
            Record(0.5);
            var fast = new List<float>();
            var data = Cast.Data(clip);
            for (var i = 0; i < 2 * clip.frequency; i++)
                for (var k = 0; k < 3; k++)
                    fast.Add(data[i]);
            actor.Audio.clip = clip;
            actor.Audio.Play();
            var at = 0L;
            var heard = Record(2.5, () => at = actor.Source.Playhead);
            var delay = Delay(fast, heard, Sound.Rate, 2 * Sound.Rate) / (double)Sound.Rate;
            var latency = actor.Source.Stream.LatencySeconds;
            Assert.AreEqual(latency + 0.07, delay, 0.01, "latency and 70 ms for blocks and frames");
            var opened = model.Acquire();
            Assert.AreEqual(48000, actor.Source.Stream.Options.SampleRate);
            var jaw = 0.0;
            Record(1, () => jaw = Math.Max(jaw, actor.Jaw));
            Assert.Greater(jaw, 5);
            Assert.AreEqual(PoseFlags.None, actor.Source.Pose.Flags, "no underrun");
            model.Release(opened);
        }

        [Test]
        public void ATapsLipsBelongToTheSoundThatIsHeard()
        {
            Enter(VoiceInput.Tap);
            Record(0.3);
            actor.Audio.clip = clip;
            actor.Audio.Play();
            Record(0.5);
            var start = (long)(actor.Source.Stream.NextSample - actor.Audio.timeSamples * 3.0);
            Record(1, () =>
            {
                var mixedNow = actor.Source.Stream.NextSample - start;
                var heardNow = actor.Source.Playhead - start;
                var behind = (mixedNow - heardNow) / (double)Sound.Rate;
                Assert.AreEqual(actor.Source.Stream.LatencySeconds + 0.07 + Sound.Block / (double)Sound.Rate, behind, 0.03);
            });
        }

        [Test]
        public void ATapHearsADeviceWithOtherChannelsThanTheSpeakerMode()
        {
            foreach (var channels in new[] { 1, 6 })
            {
                Enter(VoiceInput.Tap);
                Assert.AreEqual(2, actor.Source.Stream.Options.Channels);
                var filter = (Action<float[], int>)Delegate.CreateDelegate(
                    typeof(Action<float[], int>), actor.Source,
                    typeof(TalkFaceSource).GetMethod("OnAudioFilterRead", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic));
                var data = Cast.Data(clip);
                var sent = new List<float>();
                var heard = new List<float>();
                var block = new float[Sound.Block * channels];
                var jaw = 0.0;
                for (var i = 0; i < 100; i++)
                {
                    Sound.NextBlock();
                    for (var j = 0; j < Sound.Block; j++)
                    {
                        sent.Add(data[(i * Sound.Block + j) / 3]);
                        for (var c = 0; c < channels; c++)
                            block[j * channels + c] = sent[sent.Count - 1];
                    }
                    filter(block, channels);
                    for (var j = 0; j < Sound.Block; j++)
                        heard.Add(block[j * channels]);
                    World.Frame(Sound.Block / (float)Sound.Rate);
                    jaw = Math.Max(jaw, actor.Jaw);
                }
                Assert.Greater(jaw, 5, channels + " channels");
                var delay = Delay(sent, heard, Sound.Rate, Sound.Rate) / (double)Sound.Rate;
                Assert.AreEqual(actor.Source.Stream.LatencySeconds + 0.07, delay, 0.01, channels + " channels");
                UnityEngine.Object.Destroy(actor.Body);
            }
        }

        [Test]
        public void AQuietTapIsIdleAndHearsAgain()
        {
            Enter(VoiceInput.Tap, source => source.HoldBackTap = false);
            var blink = 0f;
            Record(8, () => blink = Math.Max(blink, actor.Weight(Channel.EyeBlinkLeft)));
            Assert.Greater(blink, 50, "idle life while nothing plays");
            actor.Audio.clip = clip;
            actor.Audio.Play();
            var jaw = 0.0;
            Record(clip.length, () => jaw = Math.Max(jaw, actor.Jaw));
            Assert.Greater(jaw, 5);
            Record(2);
            Assert.AreEqual(PoseFlags.None, actor.Source.Pose.Flags);
            Assert.Less(actor.Jaw, 4);
        }
    }
}
