using System;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Native;
using TalkFace.Unity;
using UnityEngine;

namespace Loop
{
    /// <summary>Scenes, play mode and reloads come and go; native objects, counted where they are made, do not stay.</summary>
    public sealed class LifeCases
    {
        private readonly AudioClip clip = Cast.Speech();

        private Actor Speaking(TalkFaceModelAsset model, TalkFaceCrowd crowd = null)
        {
            var actor = Cast.Character(model);
            actor.Source.Crowd = crowd;
            actor.Enter();
            actor.Source.Play(clip);
            return actor;
        }

        [Test]
        public void OneModelIsSharedAndClosedByTheLast()
        {
            var model = Cast.Model();
            var one = Speaking(model);
            var two = Speaking(model);
            World.Play(0.3);
            Assert.AreEqual(3, NativeHandle.Alive, "a model and two streams");
            UnityEngine.Object.Destroy(one.Body);
            World.Play(0.1);
            Assert.AreEqual(2, NativeHandle.Alive);
            two.Source.enabled = false;
            Assert.AreEqual(0, NativeHandle.Alive);
            two.Source.enabled = true;
            World.Play(0.1);
            Assert.AreEqual(2, NativeHandle.Alive);
        }

        [Test]
        public void SceneUnloadLeavesNothing()
        {
            var model = Cast.Model();
            var crowd = new GameObject("crowd").AddComponent<TalkFaceCrowd>();
            crowd.Model = model;
            Speaking(model, crowd);
            Speaking(model, crowd);
            Speaking(model);
            World.Play(0.3);
            Assert.AreEqual(5, NativeHandle.Alive, "model, crowd, three streams");
            World.UnloadScene();
            Assert.AreEqual(0, NativeHandle.Alive);
        }

        [Test]
        public void PlayModeCanBeReenteredWithoutADomainReload()
        {
            var model = Cast.Model();
            for (var round = 0; round < 5; round++)
            {
                World.EnterPlay(typeof(TalkFaceRuntime).Assembly);
                var actor = Speaking(model);
                UnityEngine.Object.DontDestroyOnLoad(actor.Body);
                var jaw = 0.0;
                World.Play(1, 1 / 60f, () => jaw = Math.Max(jaw, actor.Jaw));
                Assert.Greater(jaw, 3, "round " + round);
                Assert.AreEqual(2, NativeHandle.Alive);
                Editing.LeavePlay();
                Assert.AreEqual(0, NativeHandle.Alive, "round " + round);
            }
        }

        [Test]
        public void AHolderThatForgetsIsClosedWithPlayMode()
        {
            var model = Cast.Model();
            model.Acquire();
            Assert.AreEqual(1, NativeHandle.Alive);
            Editing.LeavePlay();
            Assert.AreEqual(0, NativeHandle.Alive);
            Assert.IsNull(model.Info);
            Speaking(model);
            World.Play(0.1);
            Assert.AreEqual(2, NativeHandle.Alive, "the asset opens anew");
        }

        [Test]
        public void ScriptsMayBeReloadedWhilePlaying()
        {
            var actor = Speaking(Cast.Model());
            World.Play(0.5);
            Editing.BeforeReload();
            Assert.AreEqual(0, NativeHandle.Alive);
            World.EnableAll();
            var jaw = 0.0;
            World.Play(1, 1 / 60f, () => jaw = Math.Max(jaw, actor.Jaw));
            Assert.Greater(jaw, 3, "speaks on");
        }

        [Test]
        public void AudioDevicesMayChange()
        {
            var actor = Cast.Character(Cast.Model(), VoiceInput.Push);
            actor.Source.PushSampleRate = 16000;
            actor.Enter();
            World.Play(0.2);
            var data = Cast.Data(clip);
            actor.Source.Push(data, 0, data.Length);
            World.Play(0.5);
            Sound.Change(44100);
            var jaw = 0.0;
            World.Play(0.2);
            actor.Source.Push(data, 0, data.Length);
            World.Play(1.5, 1 / 60f, () => jaw = Math.Max(jaw, actor.Jaw));
            Assert.Greater(jaw, 3);
            Assert.AreEqual(2, NativeHandle.Alive);
        }

        [Test]
        public void CrowdGoesAndComesWhileItsVoicesStay()
        {
            var model = Cast.Model();
            var crowd = new GameObject("crowd").AddComponent<TalkFaceCrowd>();
            crowd.Model = model;
            var actor = Speaking(model, crowd);
            actor.Audio.loop = true;
            World.Play(0.5);
            crowd.enabled = false;
            World.Play(0.3);
            Assert.AreEqual(0, NativeHandle.Alive);
            crowd.enabled = true;
            var jaw = 0.0;
            World.Play(2, 1 / 60f, () => jaw = Math.Max(jaw, actor.Jaw));
            Assert.Greater(jaw, 3);
            Assert.AreEqual(3, NativeHandle.Alive);
        }

        [Test]
        public void AMissingModelOrBundleIsSaidOnce()
        {
            var actor = Cast.Character(null);
            actor.Enter();
            actor.Source.Play(clip);
            World.Play(0.2);
            Assert.AreEqual(1, World.Errors.Count);
            Assert.IsTrue(actor.Source.Problem.Contains("TalkFace > Model"), actor.Source.Problem);
            var lost = Cast.Model();
            lost.StreamingAssetsFolder = "nowhere";
            actor.Source.Model = lost;
            World.Play(0.2);
            Assert.AreEqual(2, World.Errors.Count);
            Assert.IsTrue(actor.Source.Problem.Contains("nowhere"), actor.Source.Problem);
            actor.Source.Model = Cast.Model();
            World.Play(0.2);
            Assert.IsNull(actor.Source.Problem);
            World.Errors.Clear();
        }

        [Test]
        public void AMissingBundleSaysHowToGetOne()
        {
            var lost = Cast.Model();
            lost.StreamingAssetsFolder = "TalkFace/default";
            var actor = Speaking(lost);
            World.Play(0.1);
            Assert.IsTrue(actor.Source.Problem.Contains("Tools > TalkFace > Copy Default Bundle"), actor.Source.Problem);
            Assert.IsTrue(actor.Source.Problem.Contains("TalkFace/default"), actor.Source.Problem);
            World.Errors.Clear();
        }

        [Test]
        public void AVoiceThatFailsLetsTheMouthClose()
        {
            var actor = Speaking(Cast.Model());
            World.Play(0.3);
            for (var i = 0; i < 120 && actor.Jaw < 5; i++)
                World.Play(1 / 60.0);
            Assert.Greater(actor.Jaw, 5);
            Cast.Inspect(actor.Source, "model", null);
            var before = actor.Jaw;
            World.Play(1 / 60.0);
            Assert.Greater(actor.Jaw, before / 2, "eased");
            World.Play(0.5);
            Assert.AreEqual(0.0, actor.Jaw);
            Assert.AreEqual(1, World.Errors.Count, "no model, said once");
            World.Errors.Clear();
        }

        [Test]
        public void ADriverFindsASourceThatIsAddedAfterIt()
        {
            var body = new GameObject("character");
            var face = Cast.Face(body, TalkFace.Names.Channels, 100);
            var driver = body.AddComponent<TalkFaceDriver>();
            var source = body.AddComponent<TalkFaceSource>();
            source.Model = Cast.Model();
            source.Play(clip);
            var jaw = 0f;
            World.Play(1.5, 1 / 60f, () => jaw = Math.Max(jaw, face.GetBlendShapeWeight((int)Channel.JawOpen)));
            Assert.AreSame(source, driver.Source);
            Assert.Greater(jaw, 3);
        }

        [Test]
        public void ADriverThatIsTurnedOffLeavesAClosedMouth()
        {
            var actor = Speaking(Cast.Model());
            World.Play(1.2);
            actor.Driver.enabled = false;
            for (var i = 0; i < 52; i++)
                Assert.AreEqual(0f, actor.Face.GetBlendShapeWeight(i));
        }
    }
}
