using System;
using System.Collections;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Native;
using TalkFace.Unity;
using UnityEngine;

namespace Loop
{
    /// <summary>Models that another thread opens: voices wait, nothing is lost, nothing stays behind.</summary>
    public sealed class LoadCases
    {
        private readonly AudioClip clip = Cast.Speech();
        private readonly int main = Thread.CurrentThread.ManagedThreadId;
        private TalkFaceModelAsset model;

        [SetUp]
        public void SetUp()
        {
            model = Cast.Model();
            model.OpenInBackground = true;
        }

        private Actor Loading(VoiceInput input = VoiceInput.Clip)
        {
            var actor = Cast.Character(model, input);
            actor.Source.PushSampleRate = clip.frequency;
            actor.Enter();
            Assert.IsTrue(actor.Source.IsLoading);
            Assert.IsNull(actor.Source.Stream);
            Assert.IsNull(actor.Source.Problem);
            return actor;
        }

        private static void Nothing(string when)
        {
            Cast.Wait(() => TalkFaceRuntime.NativeObjects == 0);
            Assert.AreEqual(0, NativeHandle.Alive, when);
        }

        [Test]
        public void AVoiceWaitsAndFramesGoOn()
        {
            var actor = Loading();
            actor.Audio.loop = true;
            actor.Source.Play(clip);
            Assert.Greater(Cast.Wait(() => !actor.Source.IsLoading), 0);
            var jaw = 0.0;
            World.Play(1.2, 1 / 60f, () => jaw = Math.Max(jaw, actor.Jaw));
            Assert.Greater(jaw, 3, "it speaks what plays by then");
            Assert.AreEqual(2, NativeHandle.Alive);
        }

        [Test]
        public void WaitingAllocatesNothing()
        {
            var counter = typeof(GC).GetMethod("GetAllocatedBytesForCurrentThread");
            var allocated = (Func<long>)Delegate.CreateDelegate(typeof(Func<long>), counter);
            var first = Loading();
            World.Frame(1 / 60f);
            allocated();
            var before = allocated();
            var frames = 0;
            while (frames < 5 && first.Source.IsLoading)
            {
                World.Frame(1 / 60f);
                frames++;
            }
            var bytes = allocated() - before;
            Assert.AreEqual(0, bytes, "bytes in " + frames + " frames");
            Assert.Greater(frames, 0, "frames before the model is open");
            Assert.IsNull(first.Source.Problem);
        }

        [Test]
        public void SpeechThatIsPushedMeanwhileIsSpokenWhole()
        {
            var actor = Loading(VoiceInput.Push);
            var data = Cast.Data(clip);
            Assert.AreEqual(data.Length, actor.Source.Push(data, 0, data.Length));
            actor.Source.EndPush();
            Assert.AreEqual(clip.length, actor.Source.WaitingSeconds, 0.001);
            Cast.Wait(() => !actor.Source.IsLoading);
            double spoken = 0;
            double given = 0;
            var jaw = 0.0;
            foreach (var value in data)
                given += value * value;
            for (var time = 0.0; time < clip.length + 1; time += Sound.Block / (double)Sound.Rate)
            {
                Sound.NextBlock();
                for (var i = 0; i < Sound.Block; i++)
                    spoken += Sound.Mixed[i * Sound.Channels] * Sound.Mixed[i * Sound.Channels] / 3;
                World.Frame(Sound.Block / (float)Sound.Rate);
                jaw = Math.Max(jaw, actor.Jaw);
            }
            Assert.AreEqual(1, spoken / given, 0.15, "every sample once");
            Assert.Greater(jaw, 3);
            Assert.AreEqual(0.0, actor.Source.WaitingSeconds);
        }

        [Test]
        public void AnInterruptWhileLoadingForgetsWhatWasPushed()
        {
            var actor = Loading(VoiceInput.Push);
            actor.Source.Push(Cast.Data(clip), 0, clip.samples);
            actor.Source.Interrupt(120);
            Assert.AreEqual(0.0, actor.Source.WaitingSeconds);
            Assert.AreEqual(100, actor.Source.Push(new float[100], 0, 100), "and the next line is taken");
            Cast.Wait(() => !actor.Source.IsLoading);
        }

        [Test]
        public void APreloadedModelMakesTheFirstVoiceWaitForNothing()
        {
            IEnumerator load = model.PreloadAsync();
            Assert.Greater(Cast.Wait(() => !load.MoveNext()), 0);
            Assert.IsTrue(ReferenceEquals(load, model.PreloadAsync()), "it is there already");
            Assert.AreEqual("default", model.Info.Name);
            Assert.AreEqual(1, NativeHandle.Alive);
            var actor = Cast.Character(model);
            actor.Enter();
            Assert.IsTrue(actor.Source.Stream != null, "in the frame in which it is enabled");
            model.Unload();
            World.Play(0.1);
            Assert.AreEqual(2, NativeHandle.Alive, "the voice has it");
            actor.Source.enabled = false;
            Assert.AreEqual(0, NativeHandle.Alive);
            model.Unload();
        }

        [Test]
        public void AwaitingGoesOnOnTheMainThread()
        {
            var thread = 0;
            var heard = 0;
            Func<Task> start = async () =>
            {
                await model.PreloadAsync();
                thread = Thread.CurrentThread.ManagedThreadId;
            };
            var task = start();
            model.PreloadAsync().Completed += load => heard = Thread.CurrentThread.ManagedThreadId;
            Cast.Wait(() => task.IsCompleted);
            Assert.AreEqual(main, thread);
            Assert.AreEqual(main, heard);
            heard = 0;
            model.PreloadAsync().Completed += load => heard++;
            Assert.AreEqual(1, heard, "at once when it is done");
            model.Unload();
            Assert.AreEqual(0, NativeHandle.Alive);
        }

        [Test]
        public void AnErrorIsSaidOnTheMainThreadAndMended()
        {
            model.StreamingAssetsFolder = "nowhere";
            var load = model.PreloadAsync();
            var thread = 0;
            load.Completed += done => thread = Thread.CurrentThread.ManagedThreadId;
            Exception thrown = null;
            Func<Task> start = async () =>
            {
                try
                {
                    await load;
                }
                catch (TalkFaceException error)
                {
                    thrown = error;
                }
            };
            var task = start();
            Cast.Wait(() => task.IsCompleted);
            Assert.AreEqual(main, thread);
            Assert.IsTrue(thrown.Message.Contains("nowhere"), thrown.Message);
            Assert.AreSame(thrown, load.Error);
            Assert.AreEqual(1, World.Errors.Count, "logged once");
            var actors = new[] { Cast.Character(model), Cast.Character(model) };
            foreach (var actor in actors)
                actor.Enter();
            Cast.Wait(() => actors[0].Source.Problem != null && actors[1].Source.Problem != null);
            World.Play(0.2);
            Assert.AreEqual(3, World.Errors.Count, "each voice once");
            Assert.Throws<TalkFaceException>(() => model.Acquire());
            World.Errors.Clear();
            model.StreamingAssetsFolder = "default";
            Cast.Wait(() => actors[0].Source.Stream != null && actors[1].Source.Stream != null);
            Assert.AreEqual(3, NativeHandle.Alive, "one model, two streams");
        }

        [Test]
        public void WhoeverCannotWaitBlocksForTheSameModel()
        {
            var one = Loading();
            var two = Loading();
            var opened = model.Acquire();
            Assert.AreEqual(1, NativeHandle.Alive);
            World.Frame(1 / 60f);
            Assert.IsFalse(one.Source.IsLoading || two.Source.IsLoading);
            Assert.AreEqual(3, NativeHandle.Alive, "one model, two streams");
            model.Release(opened);
            one.Source.enabled = false;
            two.Source.enabled = false;
            Assert.AreEqual(0, NativeHandle.Alive);
        }

        [Test]
        public void AListenerThatThrowsIsNoFaultOfTheVoice()
        {
            model.PreloadAsync().Completed += load => { throw new InvalidOperationException("the game's own"); };
            var actor = Loading();
            Cast.Wait(() => actor.Source.Stream != null);
            Assert.IsNull(actor.Source.Problem);
            Assert.AreEqual(1, World.Errors.Count);
            Assert.IsTrue(World.Errors[0].Contains("the game's own"), World.Errors[0]);
            World.Errors.Clear();
            actor.Audio.loop = true;
            actor.Source.Play(clip);
            Cast.Wait(() => actor.Source.IsSpeaking);
            actor.Source.OnSpeechFinished.AddListener(() => { throw new InvalidOperationException("the game's own"); });
            model.Unload();
            actor.Source.enabled = false;
            Assert.AreEqual(1, World.Errors.Count);
            Assert.AreEqual(0, NativeHandle.Alive, "all is closed");
            World.Errors.Clear();
        }

        [Test]
        public void ACrowdWaitsWithItsVoices()
        {
            var crowd = new GameObject("crowd").AddComponent<TalkFaceCrowd>();
            crowd.Model = model;
            var actors = new Actor[4];
            for (var i = 0; i < actors.Length; i++)
            {
                actors[i] = Cast.Character(null, VoiceInput.Clip, i + 1);
                actors[i].Source.Crowd = crowd;
                actors[i].Enter();
            }
            Assert.IsTrue(crowd.IsLoading && actors[3].Source.IsLoading);
            Cast.Wait(() => !crowd.IsLoading);
            World.Play(0.1);
            Assert.AreEqual(4, crowd.Stats.Streams);
            Assert.AreEqual(6, NativeHandle.Alive, "model, crowd, four streams");
        }

        [Test]
        public void WhatGoesWhileItLoadsLeavesNothing()
        {
            Loading().Source.enabled = false;
            Nothing("disabled");
            UnityEngine.Object.DestroyImmediate(Loading().Body);
            Nothing("destroyed");
            Loading();
            World.UnloadScene();
            Nothing("scene unloaded");
            var load = model.PreloadAsync();
            model.Unload();
            Assert.IsTrue(load.IsDone && load.Error is OperationCanceledException && load.Task.IsCanceled);
            Nothing("unloaded");
            var left = Loading();
            left.Source.Model = Cast.Model();
            World.Frame(1 / 60f);
            Assert.IsTrue(left.Source.Stream != null, "the other model");
            Cast.Wait(() => TalkFaceRuntime.NativeObjects == 2);
            UnityEngine.Object.DestroyImmediate(left.Body);
            Nothing("another model");
        }

        [Test]
        public void AnAssetThatIsDestroyedWhileItLoadsIsMissed()
        {
            var actor = Loading();
            UnityEngine.Object.DestroyImmediate(model);
            World.Play(0.1);
            Assert.IsTrue(actor.Source.Problem.Contains("TalkFace > Model"), actor.Source.Problem);
            Assert.AreEqual(1, World.Errors.Count);
            World.Errors.Clear();
            Nothing("destroyed asset");
        }

        [Test]
        public void AnAssetThatChangesWhileItLoadsOpensWhatItNamesNow()
        {
            var actor = Loading();
            model.StreamingAssetsFolder = "low_latency";
            World.Frame(1 / 60f);
            Assert.IsTrue(actor.Source.IsLoading);
            Cast.Wait(() => actor.Source.Stream != null);
            Assert.AreEqual(0.082, actor.Source.Stream.LatencySeconds, 0.01);
            Cast.Wait(() => TalkFaceRuntime.NativeObjects == 2);
            Assert.AreEqual(2, NativeHandle.Alive);
        }

        [Test]
        public void PlayModeAndReloadsWaitForTheOtherThread()
        {
            var preload = model.PreloadAsync();
            Loading();
            Editing.LeavePlay();
            Assert.AreEqual(0, TalkFaceRuntime.NativeObjects, "at once: nobody is inside the library");
            Assert.AreEqual(0, NativeHandle.Alive);
            Assert.IsTrue(preload.IsDone);
            World.EnterPlay(typeof(TalkFaceRuntime).Assembly);
            var actor = Loading();
            Editing.BeforeReload();
            Assert.AreEqual(0, TalkFaceRuntime.NativeObjects);
            Assert.AreEqual(0, NativeHandle.Alive);
            World.EnableAll();
            Cast.Wait(() => actor.Source.Stream != null);
            Assert.AreEqual(2, NativeHandle.Alive);
        }
    }
}
