using System.Collections.Generic;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Unity;
using UnityEngine;
using UnityEngine.Playables;
using UnityEngine.Timeline;

namespace Loop
{
    /// <summary>Baked faces on a Timeline track: blended by weight, a layer of the driver, gone with the graph.</summary>
    public sealed class TimelineCases
    {
        private Actor actor;

        [SetUp]
        public void SetUp()
        {
            actor = Cast.Character(Cast.Model());
            actor.Driver.EaseSeconds = 0;
            actor.Enter();
        }

        private static BakedFaceAsset Baked(float from, float to)
        {
            var frames = new List<FacePose>();
            for (var i = 0; i <= 60; i++)
            {
                var pose = new FacePose { Seconds = i / 60.0 };
                pose[Channel.JawOpen] = from + (to - from) * i / 60;
                pose[Channel.CheekPuff] = 0.5f;
                frames.Add(pose);
            }
            var asset = ScriptableObject.CreateInstance<BakedFaceAsset>();
            asset.Set(null, BakedClip.FromFrames(frames, 60, 0.001f));
            return asset;
        }

        private static Playable Track(LayerSettings layer, params BakedFaceAsset[] faces)
        {
            var track = ScriptableObject.CreateInstance<TalkFaceTrack>();
            track.Layer = layer;
            var mixer = track.CreateTrackMixer(default(PlayableGraph), null, faces.Length);
            for (var i = 0; i < faces.Length; i++)
            {
                var clip = ScriptableObject.CreateInstance<TalkFaceTimelineClip>();
                clip.Face = faces[i];
                Assert.AreEqual(1.0, clip.duration, 1e-6);
                Director.Connect(mixer, i, clip.CreatePlayable(default(PlayableGraph), null));
            }
            return mixer;
        }

        [Test]
        public void AClipIsShownAtItsTimeAndOnlyInItsMask()
        {
            var mixer = Track(new LayerSettings(FaceRegion.Jaw, LayerMode.Override, 1, 50), Baked(0, 1));
            Director.Set(mixer, 0, 1, 0.25);
            Director.Process(mixer, actor.Driver);
            World.Frame(1 / 60f);
            Assert.AreEqual(25, actor.Weight(Channel.JawOpen), 0.2);
            Assert.AreEqual(actor.Source.Pose[Channel.CheekPuff] * 100, actor.Weight(Channel.CheekPuff), 1e-3);
            Director.Stop(mixer);
            World.Frame(1 / 60f);
            Assert.AreEqual(actor.Source.Pose[Channel.JawOpen] * 100, actor.Weight(Channel.JawOpen), 1e-3, "the graph is gone");
        }

        [Test]
        public void OverlappingClipsAreBlendedAndEaseOut()
        {
            var mixer = Track(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 50), Baked(0.2f, 0.2f), Baked(0.8f, 0.8f));
            Director.Set(mixer, 0, 0.75f, 0.5);
            Director.Set(mixer, 1, 0.25f, 0.5);
            Director.Process(mixer, actor.Driver);
            World.Frame(1 / 60f);
            Assert.AreEqual(35, actor.Weight(Channel.JawOpen), 0.2);
            Director.Set(mixer, 0, 0, 0.5);
            Director.Set(mixer, 1, 0.5f, 0.5);
            Director.Process(mixer, actor.Driver);
            World.Frame(1 / 60f);
            var spoken = actor.Source.Pose[Channel.JawOpen] * 100;
            Assert.AreEqual(spoken + (80 - spoken) / 2, actor.Weight(Channel.JawOpen), 0.2, "half way to speech");
            Director.Set(mixer, 1, 0, 0.5);
            Director.Process(mixer, actor.Driver);
            World.Frame(1 / 60f);
            Assert.AreEqual(actor.Source.Pose[Channel.JawOpen] * 100, actor.Weight(Channel.JawOpen), 1e-3);
        }

        [Test]
        public void AnotherCharacterMayBeBoundAndNoneToo()
        {
            var other = Cast.Character(Cast.Model());
            other.Driver.EaseSeconds = 0;
            other.Enter();
            var mixer = Track(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 50), Baked(0.6f, 0.6f));
            Director.Set(mixer, 0, 1, 0.5);
            Director.Process(mixer, actor.Driver);
            Director.Process(mixer, other.Driver);
            World.Frame(1 / 60f);
            Assert.AreEqual(60, other.Weight(Channel.JawOpen), 0.2);
            Assert.AreEqual(actor.Source.Pose[Channel.JawOpen] * 100, actor.Weight(Channel.JawOpen), 1e-3);
            Director.Process(mixer, null);
            World.Frame(1 / 60f);
            Assert.AreEqual(other.Source.Pose[Channel.JawOpen] * 100, other.Weight(Channel.JawOpen), 1e-3);
        }

        private sealed class Collector : IPropertyCollector
        {
            public readonly List<string> Named = new List<string>();

            public void AddFromComponent(GameObject obj, Component component)
            {
                Named.Add(obj.name + " " + component.GetType().Name);
            }

            public void AddFromName<T>(GameObject obj, string name) where T : Component
            {
                Named.Add(obj.name + " " + typeof(T).Name + " " + name);
            }
        }

        [Test]
        public void ScrubbingInEditModeShowsTheFaceAndSaysWhatToPutBack()
        {
            Editing.LeavePlay();
            var body = new GameObject("posed");
            body.SetActive(false);
            var face = Cast.Face(body, Names.Channels, 100);
            var head = new GameObject("head").transform;
            head.SetParent(body.transform, false);
            var driver = body.AddComponent<TalkFaceDriver>();
            driver.Head = head;
            var baked = Baked(0, 1);
            var mixer = Track(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 50), baked);
            var track = ScriptableObject.CreateInstance<TalkFaceTrack>();
            var director = body.AddComponent<PlayableDirector>();
            var collector = new Collector();
            track.GatherProperties(director, collector);
            Assert.AreEqual(0, collector.Named.Count, "nobody is bound");
            director.SetGenericBinding(track, driver);
            track.GatherProperties(director, collector);
            Assert.AreEqual(
                "mesh SkinnedMeshRenderer, head Transform m_LocalRotation, head Transform m_LocalPosition",
                string.Join(", ", collector.Named.ToArray()));
            for (var step = 0; step <= 4; step++)
            {
                Director.Set(mixer, 0, 1, step / 4.0);
                Director.Process(mixer, driver);
                Assert.AreEqual(25 * step, face.GetBlendShapeWeight((int)Channel.JawOpen), 0.2, "without a frame");
            }
            Director.Stop(mixer);
        }

        [Test]
        public void ABakedFaceNeedsNoLibrary()
        {
            var body = new GameObject("extra");
            var face = Cast.Face(body, Names.Channels, 100);
            var driver = body.AddComponent<TalkFaceDriver>();
            var mixer = Track(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 50), Baked(0.4f, 0.4f));
            Director.Set(mixer, 0, 1, 0.5);
            Director.Process(mixer, driver);
            World.Frame(1 / 60f);
            Assert.AreEqual(40, face.GetBlendShapeWeight((int)Channel.JawOpen), 0.2);
        }
    }
}
