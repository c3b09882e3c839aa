using System;
using System.Collections.Generic;
using System.Threading;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

namespace Loop
{
    /// <summary>Many voices: one tick, no garbage, threads for minutes.</summary>
    public sealed class CrowdCases
    {
        private static object s_Sink;
        private readonly AudioClip clip = Cast.Speech();
        private readonly List<Actor> actors = new List<Actor>();

        private static Func<long> AllocatedHere()
        {
            var counter = typeof(GC).GetMethod("GetAllocatedBytesForCurrentThread");
            Assert.IsNotNull(counter);
            return (Func<long>)Delegate.CreateDelegate(typeof(Func<long>), counter);
        }

        private TalkFaceCrowd Crowd(int count, TalkFaceModelAsset model)
        {
            var crowd = new GameObject("crowd").AddComponent<TalkFaceCrowd>();
            crowd.Model = model;
            for (var i = 0; i < count; i++)
            {
                var actor = Cast.Character(null, VoiceInput.Clip, i + 1);
                actor.Source.Crowd = crowd;
                actor.Audio.loop = true;
                actors.Add(actor);
            }
            return crowd;
        }

        [Test]
        public void ThirtyTwoVoicesAllocateNothingInAFrame()
        {
            var model = Cast.Model();
            var crowd = Crowd(32, model);
            var data = Cast.Data(clip);
            for (var i = 0; i < actors.Count; i++)
            {
                var actor = actors[i];
                var head = new GameObject("head").transform;
                head.SetParent(actor.Body.transform, false);
                actor.Driver.Head = head;
                actor.Driver.SetEyes(head, head, 30);
                actor.Source.Input = i % 4 == 0 ? VoiceInput.Tap : i % 4 == 1 ? VoiceInput.Push : VoiceInput.Clip;
                actor.Source.PushSampleRate = clip.frequency;
                if (i % 2 == 0)
                    actor.Driver.Authored = new LayerSettings(FaceRegion.Brows, LayerMode.Override, 1, 100);
                actor.Driver.AddLayer(new LayerSettings(FaceRegion.Cheeks, LayerMode.Additive, 0.5f, 10)).Pose[Channel.CheekPuff] = 0.3f;
                actor.Enter();
                if (actor.Source.Input != VoiceInput.Push)
                    actor.Source.Play(clip);
            }
            World.Animation = () =>
            {
                for (var i = 0; i < actors.Count; i++)
                    actors[i].Face.SetBlendShapeWeight((int)Channel.BrowInnerUp, 20);
            };
            var spoken = 0;
            Action frame = () =>
            {
                for (var i = 1; i < actors.Count; i += 4)
                    if (actors[i].Source.WaitingSeconds < 0.5)
                        actors[i].Source.Push(data, 0, 8000);
                for (var i = 0; i < actors.Count; i++)
                    spoken += actors[i].Jaw > 3 ? 1 : 0;
            };
            World.Play(3, 1 / 60f, frame);
            var allocated = AllocatedHere();
            World.Play(0.1, 1 / 60f, frame);
            spoken = 0;
            var before = allocated();
            World.Play(10, 1 / 60f, frame);
            var bytes = allocated() - before;
            Console.WriteLine("     32 voices, 600 frames: " + bytes + " bytes of managed memory");
            Assert.AreEqual(0, bytes, "bytes in 600 frames");
            Assert.Greater(spoken, 600, "they spoke meanwhile");
            Assert.AreEqual(32, crowd.Stats.Streams);
            Assert.AreEqual(0, crowd.Stats.Failures);
            Assert.Greater(crowd.Stats.Steps / (double)crowd.Stats.Runs, 2, "in batches");
        }

        [Test]
        public void TheMeasureSeesOneAllocationInSixHundredFrames()
        {
            var allocated = AllocatedHere();
            var frames = 0;
            World.Animation = () =>
            {
                if (++frames == 300)
                    s_Sink = new object();
            };
            World.Play(0.1);
            frames = 0;
            var before = allocated();
            World.Play(10);
            Assert.Greater(allocated() - before, 0);
            Assert.IsNotNull(s_Sink);
        }

        [Test]
        public void AMemberShowsWhatAVoiceAloneShows()
        {
            var model = Cast.Model();
            Crowd(8, model);
            var alone = Cast.Character(model, VoiceInput.Clip, 5);
            foreach (var actor in actors)
            {
                actor.Enter();
                actor.Source.Play(clip);
            }
            alone.Audio.loop = true;
            alone.Enter();
            alone.Source.Play(clip);
            World.Play(0.3);
            World.Play(2, 1 / 60f, () =>
            {
                for (var i = 0; i < FacePose.ChannelCount; i++)
                    Assert.AreEqual(alone.Source.Pose.Weights[i], actors[4].Source.Pose.Weights[i], 1e-4, Names.Channels[i]);
            });
        }

        [Test]
        public void AMembersCrowdThatFailsSaysItOnceAndRests()
        {
            var crowd = Crowd(2, Cast.Model());
            foreach (var actor in actors)
                actor.Enter();
            World.Play(0.2);
            typeof(TalkFaceCrowd).GetField("maxStepsPerFrame", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)
                .SetValue(crowd, -1);
            World.Play(0.5);
            Assert.AreEqual(1, World.Errors.Count);
            Assert.IsTrue(crowd.Problem.Contains("graph steps"), crowd.Problem);
            World.Errors.Clear();
            crowd.MaxStepsPerFrame = 0;
            crowd.enabled = false;
            crowd.enabled = true;
            World.Play(0.5);
            Assert.IsNull(crowd.Problem);
            Assert.AreEqual(2, crowd.Stats.Streams);
            Assert.AreEqual(PoseFlags.None, actors[0].Source.Pose.Flags & ~PoseFlags.Early);
        }

        [Test]
        public void ALimitThatNoCrowdHasLeavesNothingOpen()
        {
            var crowd = Crowd(2, Cast.Model());
            crowd.MaxVoices = 1000000;
            foreach (var actor in actors)
                actor.Enter();
            World.Play(0.1);
            Assert.AreEqual(2, World.Errors.Count, "each voice says so once");
            World.Errors.Clear();
            crowd.enabled = false;
            Assert.AreEqual(0, TalkFaceRuntime.NativeObjects);
        }

        [Test]
        public void ALimitOfStepsLetsNobodyStarve()
        {
            var crowd = Crowd(16, Cast.Model());
            crowd.MaxStepsPerFrame = 8;
            foreach (var actor in actors)
            {
                actor.Enter();
                actor.Source.Play(clip);
            }
            World.Play(2);
            foreach (var actor in actors)
                Assert.AreEqual(PoseFlags.None, actor.Source.Pose.Flags & ~PoseFlags.Early);
        }

        [Test]
        public void TenMinutesWithAnAudioThread()
        {
            var model = Cast.Model();
            var tap = Cast.Character(model, VoiceInput.Tap);
            var push = Cast.Character(model, VoiceInput.Push);
            var play = Cast.Character(model);
            push.Source.PushSampleRate = clip.frequency;
            foreach (var actor in new[] { tap, push, play })
            {
                actor.Audio.loop = true;
                actor.Enter();
                if (actor != push)
                    actor.Source.Play(clip);
            }
            World.Play(0.5);
            var jumps = play.Source.Jumps;
            var data = Cast.Data(clip);
            var end = Sound.Frames + 600L * Sound.Rate;
            var game = Sound.Frames;
            var stop = false;
            var mixed = new AutoResetEvent(false);
            var room = new AutoResetEvent(false);
            var pushed = 0L;
            var audio = new Thread(() =>
            {
                while (!Volatile.Read(ref stop))
                    if (Sound.Frames - Volatile.Read(ref game) < Sound.Rate / 10)
                    {
                        Sound.NextBlock();
                        mixed.Set();
                    }
                    else
                    {
                        room.WaitOne(5);
                    }
            });
            var tts = new Thread(() =>
            {
                while (!Volatile.Read(ref stop))
                    if (push.Source.WaitingSeconds < 2)
                        pushed += push.Source.Push(data, 0, data.Length);
                    else
                        Thread.Sleep(1);
            });
            audio.Start();
            tts.Start();
            var random = new System.Random(1);
            var worst = 0.0;
            var underruns = 0;
            long memory = 0;
            var frame = 0;
            while (game < end && World.Errors.Count == 0)
            {
                var step = Sound.Rate / 60 + random.Next(-200, 201);
                while (Volatile.Read(ref Sound.Frames) < game + step)
                    mixed.WaitOne(5);
                Volatile.Write(ref game, game + step);
                room.Set();
                World.Frame(step / (float)Sound.Rate);
                if (++frame == 600)
                    memory = GC.GetTotalMemory(true);
                if (frame < 60)
                    continue;
                var place = play.Source.Playhead % clip.samples;
                double off = Math.Abs(play.Audio.timeSamples - place) % clip.samples;
                worst = Math.Max(worst, Math.Min(off, clip.samples - off) / clip.frequency);
                underruns += (tap.Source.Pose.Flags | play.Source.Pose.Flags) == PoseFlags.None ? 0 : 1;
            }
            Volatile.Write(ref stop, true);
            audio.Join();
            tts.Join();
            Console.WriteLine("     " + frame + " frames, lips at most " + worst.ToString("0.000") + " s from the sound, "
                + underruns + " frames late, " + (GC.GetTotalMemory(true) - memory) + " bytes more than after 600 frames");
            Assert.AreEqual(0, World.Errors.Count);
            Assert.AreEqual(jumps, play.Source.Jumps, "never lost its place");
            Assert.Less(worst, 0.16, "the audio thread is up to 0.1 s ahead here");
            Assert.AreEqual(0, underruns);
            Assert.Greater(pushed / (double)clip.frequency, 590);
            Assert.AreEqual(0, tap.Source.Stream.Stats.RefusedSamples);
            Assert.Less(GC.GetTotalMemory(true) - memory, 200000);
        }
    }
}
