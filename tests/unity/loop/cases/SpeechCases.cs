using System;
using System.Collections.Generic;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

namespace Loop
{
    /// <summary>A clip is played: lips are those of the core, and stay with the audio device's clock.</summary>
    public sealed class SpeechCases
    {
        private readonly AudioClip clip = Cast.Speech();
        private TalkFaceModelAsset model;
        private FaceModel opened;
        private Actor actor;

        [SetUp]
        public void SetUp()
        {
            model = Cast.Model();
            opened = model.Acquire();
            actor = Cast.Character(model);
            actor.Enter();
        }

        [TearDown]
        public void TearDown()
        {
            model.Release(opened);
        }

        /// <summary>Samples of the clip that have been mixed and are heard by now.</summary>
        private double Heard
        {
            get { return actor.Audio.timeSamples - Sound.Block * clip.frequency / (double)Sound.Rate; }
        }

        /// <summary>What dspTime's blocks leave open: a block of mixing, and a frame.</summary>
        private double Slack
        {
            get { return (Sound.Block / (double)Sound.Rate + 0.002) * clip.frequency; }
        }

        private void Near(double stream, string when)
        {
            Assert.Less(Math.Abs(actor.Source.Playhead - stream - Heard), Slack, when);
        }

        [Test]
        public void TheFaceShowsTheCoresPoses()
        {
            actor.Driver.EaseSeconds = 0;
            actor.Source.Play(clip);
            World.Play(0.1);
            var reference = Cast.Reference(opened, clip, actor.Source.Stream.Options);
            var pose = new FacePose();
            var open = 0f;
            var frames = 0;
            World.Play(clip.length - 0.4, 1 / 60f, () =>
            {
                reference.Sample(actor.Source.Playhead, pose);
                for (var i = 0; i < FacePose.ChannelCount; i++)
                    Assert.AreEqual(pose.Weights[i] * 100f, actor.Face.GetBlendShapeWeight(i), Names.Channels[i] + " at " + actor.Source.Playhead);
                open = Math.Max(open, pose[Channel.JawOpen]);
                frames++;
            });
            Assert.Greater(frames, 100);
            Assert.Greater(open, 0.1, "somebody spoke");
            reference.Dispose();
        }

        [Test]
        public void PlayheadRunsSmoothlyBetweenBlocks()
        {
            actor.Source.Play(clip);
            World.Play(0.2);
            var last = actor.Source.Playhead;
            World.Play(1, 1 / 120f, () =>
            {
                var step = actor.Source.Playhead - last;
                last += step;
                Assert.Less(Math.Abs(step - clip.frequency / 120.0), clip.frequency / 120.0, "a step of " + step);
            });
            Near(0, "after a second");
        }

        [Test]
        public void PauseHoldsTheLipsAndResumeGoesOn()
        {
            actor.Source.Play(clip);
            World.Play(0.8);
            Near(0, "before the pause");
            actor.Audio.Pause();
            World.Play(0.1);
            var place = actor.Source.Playhead;
            var jaw = actor.Jaw;
            World.Play(2, 1 / 60f, () => Assert.AreEqual(place, actor.Source.Playhead));
            Assert.AreEqual(jaw, actor.Jaw);
            var jumps = actor.Source.Jumps;
            actor.Audio.UnPause();
            World.Play(0.5);
            Near(0, "after the pause");
            Assert.AreEqual(jumps, actor.Source.Jumps, "a pause is no jump");
        }

        [Test]
        public void SeekingGoesToThePlaceAndWarmsUpBeforeIt()
        {
            actor.Driver.EaseSeconds = 0;
            actor.Source.Play(clip);
            World.Play(0.5);
            var from = clip.samples / 2;
            actor.Audio.timeSamples = from;
            World.Play(0.3);
            Near(clip.frequency / 2 - from, "half a second before the place the stream begins");
            var reference = Cast.Reference(opened, clip, actor.Source.Stream.Options);
            var pose = new FacePose();
            double difference = 0;
            World.Play(0.5, 1 / 60f, () =>
            {
                reference.Sample(actor.Source.Playhead + from - clip.frequency / 2, pose);
                difference = Math.Max(difference, Math.Abs(pose[Channel.JawOpen] - actor.Jaw / 100));
            });
            Assert.Less(difference, 0.05, "jaw against one that heard all of it");
            reference.Dispose();
        }

        [Test]
        public void ALoopGoesOnWithoutAJump()
        {
            var part = new float[clip.frequency];
            clip.GetData(part, clip.frequency);
            var loop = Cast.Clip("loop", part, 1, clip.frequency);
            actor.Audio.loop = true;
            actor.Source.Play(loop);
            World.Play(0.5);
            var jumps = actor.Source.Jumps;
            World.Play(3.3);
            Assert.AreEqual(jumps, actor.Source.Jumps);
            Assert.AreEqual(3, actor.Source.Playhead / loop.samples);
            Near(3 * loop.samples, "in the fourth round");
        }

        [Test]
        public void PitchMovesTheLipsAsFast()
        {
            actor.Audio.pitch = 1.5f;
            actor.Source.Play(clip);
            World.Play(1);
            Assert.Less(Math.Abs(actor.Source.Playhead - (actor.Audio.timeSamples - 1.5 * Sound.Block / 3)), 1.5 * Slack);
            actor.Audio.pitch = 0.75f;
            World.Play(0.5);
            Assert.Less(Math.Abs(actor.Source.Playhead - (actor.Audio.timeSamples - 0.75 * Sound.Block / 3)), 1.5 * Slack);
            Assert.AreEqual(0, World.Errors.Count);
        }

        [Test]
        public void TimeScaleDoesNotMoveTheLipsAwayFromTheSound()
        {
            Time.timeScale = 0.25f;
            actor.Source.Play(clip);
            World.Play(1);
            Near(0, "slow motion");
            Time.timeScale = 0;
            World.Play(0.5);
            Near(0, "a menu");
        }

        [Test]
        public void FramesMayComeUnevenly()
        {
            actor.Source.Play(clip);
            var random = new System.Random(3);
            for (var i = 0; i < 60; i++)
            {
                World.Play(0.001, (float)(random.NextDouble() * 0.09 + 0.002));
                if (i > 5)
                    Assert.Less(Math.Abs(actor.Source.Playhead - Heard), Slack + 0.005 * clip.frequency, "frame " + i);
            }
            Assert.AreEqual(PoseFlags.None, actor.Source.Pose.Flags, "no underrun");
        }

        [Test]
        public void TheMouthClosesAtTheEndAndIdleLifeGoesOn()
        {
            actor.Source.Play(clip);
            World.Play(clip.length + 1);
            Assert.IsFalse(actor.Audio.isPlaying);
            Assert.Less(actor.Jaw, 3, "closed");
            var blink = 0f;
            World.Play(8, 1 / 60f, () => blink = Math.Max(blink, actor.Weight(Channel.EyeBlinkLeft)));
            Assert.Greater(blink, 50, "blinks");
            Assert.AreEqual(PoseFlags.None, actor.Source.Pose.Flags);
            actor.Audio.Play();
            World.Play(0.7);
            Near(0, "played again");
        }

        [Test]
        public void StopEasesToNeutral()
        {
            actor.Source.Play(clip);
            var most = 0.0;
            World.Play(1.2, 1 / 60f, () => most = Math.Max(most, actor.Jaw));
            Assert.Greater(most, 5);
            actor.Audio.Stop();
            var before = actor.Jaw;
            var step = 0.0;
            World.Play(0.6, 1 / 60f, () =>
            {
                step = Math.Max(step, Math.Abs(before - actor.Jaw));
                before = actor.Jaw;
            });
            Assert.Less(actor.Jaw, 3);
            Assert.Less(step, 12, "no pop");
        }

        [Test]
        public void StartingEasesOverFromWhatWasShown()
        {
            World.Play(3);
            var before = new float[52];
            actor.Driver.EaseSeconds = 0.2f;
            for (var i = 0; i < 52; i++)
                before[i] = actor.Face.GetBlendShapeWeight(i);
            actor.Source.Play(clip);
            World.Frame(1 / 60f);
            for (var i = 0; i < 52; i++)
                Assert.Less(Math.Abs(before[i] - actor.Face.GetBlendShapeWeight(i)), 12, Names.Channels[i]);
        }

        [Test]
        public void ADifferentClipIsFollowed()
        {
            actor.Source.Play(clip);
            World.Play(0.5);
            var data = Cast.Data(clip);
            var stereo = new float[data.Length * 2];
            for (var i = 0; i < data.Length; i++)
                stereo[2 * i] = stereo[2 * i + 1] = data[i];
            var other = Cast.Clip("stereo", stereo, 2, 24000);
            actor.Source.Play(other);
            World.Play(0.5);
            Assert.AreEqual(24000, actor.Source.Stream.Options.SampleRate);
            Assert.AreEqual(2, actor.Source.Stream.Options.Channels);
            Assert.Less(Math.Abs(actor.Source.Playhead - (actor.Audio.timeSamples - Sound.Block / 2)), 0.025 * 24000);
        }

        [Test]
        public void AClipThatCannotBeReadSaysWhatToChange()
        {
            var streaming = Cast.Speech();
            streaming.GetType().GetField("SimLoadType", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)
                .SetValue(streaming, AudioClipLoadType.Streaming);
            actor.Source.Play(streaming);
            World.Play(0.1);
            Assert.IsTrue(actor.Source.Problem.Contains("Decompress On Load"), actor.Source.Problem);
            Assert.AreEqual(1, World.Errors.Count, "said once");
            World.Errors.Clear();
        }

        [Test]
        public void EventsSayWhenSpeechBeginsAndEnds()
        {
            var heard = new List<string>();
            actor.Source.OnSpeechStarted.AddListener(() => heard.Add("started"));
            actor.Source.OnSpeechFinished.AddListener(() => heard.Add("finished"));
            World.Play(1);
            Assert.AreEqual(0, heard.Count);
            actor.Source.Play(clip);
            World.Play(1);
            Assert.AreEqual("started", string.Join(" ", heard.ToArray()));
            Assert.IsTrue(actor.Source.IsSpeaking);
            World.Play(clip.length + 1);
            Assert.AreEqual("finished", heard[heard.Count - 1]);
            Assert.IsFalse(actor.Source.IsSpeaking);
        }

        [Test]
        public void SilenceAfterALoudClipIsNoSpeech()
        {
            actor.Source.Play(clip);
            World.Play(clip.length);
            actor.Source.Play(Cast.Clip("silence", new float[clip.samples], 1, clip.frequency));
            World.Play(0.7);
            World.Play(clip.length - 1, 1 / 60f, () => Assert.IsFalse(actor.Source.IsSpeaking));
        }

        [Test]
        public void EmotionIsShownAndSaid()
        {
            string said = null;
            actor.Source.OnEmotionChanged.AddListener((name, strength) => said = name);
            actor.Source.SetEmotion("happy", 1);
            actor.Source.Play(clip);
            var smile = 0f;
            World.Play(1.5, 1 / 60f, () => smile = Math.Max(smile, actor.Weight(Channel.MouthSmileLeft)));
            Assert.AreEqual("happy", said);
            actor.Source.SetEmotion("angry", 1);
            World.Play(1);
            Assert.AreEqual("angry", said);
            Assert.Throws<ArgumentException>(() => actor.Source.SetEmotion("hungry", 1));
            Assert.Greater(smile, 1);
        }

        [Test]
        public void KnobsAreThoseOfTheLibrary()
        {
            actor.Source.Knobs.lowerStrength = 0.5f;
            World.Play(0.1);
            Assert.AreEqual(0.5f, actor.Source.Stream.GetKnob("lower_strength"));
            foreach (var knob in KnobInfo.All)
                if (knob.Name != "lower_strength")
                    Assert.AreEqual(knob.Default, actor.Source.Stream.GetKnob(knob), knob.Name);
            actor.Source.Knobs.lowerStrength = 9;
            World.Play(0.5);
            Assert.AreEqual(1, World.Errors.Count, "said once");
            Assert.IsTrue(actor.Source.Problem.Contains("lower_strength must lie between"));
            World.Errors.Clear();
            actor.Source.Knobs.lowerStrength = 1.5f;
            actor.Source.enabled = false;
            actor.Source.enabled = true;
            World.Play(0.1);
            Assert.AreEqual(1.5f, actor.Source.Stream.GetKnob("lower_strength"));
        }
    }
}
