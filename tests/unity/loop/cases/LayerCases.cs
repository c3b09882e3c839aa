using System;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

namespace Loop
{
    /// <summary>Speech beside authored animation, code and cutscenes; head and eyes in Unity's axes.</summary>
    public sealed class LayerCases
    {
        private readonly AudioClip clip = Cast.Speech();
        private Actor actor;

        [SetUp]
        public void SetUp()
        {
            actor = Cast.Character(Cast.Model());
            actor.Driver.EaseSeconds = 0;
        }

        private void Speak()
        {
            actor.Enter();
            actor.Audio.loop = true;
            actor.Source.Play(clip);
            World.Play(0.5);
        }

        private float Spoken(Channel channel)
        {
            return actor.Source.Pose[channel] * 100;
        }

        [Test]
        public void ACutsceneWinsWhereItWritesAndSpeechElsewhere()
        {
            actor.Driver.Authored = new LayerSettings(FaceRegion.Brows | FaceRegion.Eyes, LayerMode.Override, 1, 100);
            Speak();
            World.Animation = () =>
            {
                actor.Face.SetBlendShapeWeight((int)Channel.BrowInnerUp, 60);
                actor.Face.SetBlendShapeWeight((int)Channel.JawOpen, 90);
            };
            World.Play(1, 1 / 60f, () =>
            {
                Assert.AreEqual(60, actor.Weight(Channel.BrowInnerUp), 1e-3, "the cutscene's");
                Assert.AreEqual(0f, actor.Weight(Channel.BrowDownLeft), "of a region that it writes");
                Assert.AreEqual(Spoken(Channel.JawOpen), actor.Weight(Channel.JawOpen), 1e-3, "not in its mask");
                Assert.AreEqual(Spoken(Channel.EyeBlinkLeft), actor.Weight(Channel.EyeBlinkLeft), 1e-3, "it wrote no eye");
            });
            World.Animation = null;
            World.Frame(1 / 60f);
            Assert.AreEqual(Spoken(Channel.BrowInnerUp), actor.Weight(Channel.BrowInnerUp), 1e-3, "the cutscene is over");
        }

        [Test]
        public void TheSameValueFrameAfterFrameStillWins()
        {
            actor.Driver.Authored = new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 100);
            Speak();
            World.Animation = () => actor.Face.SetBlendShapeWeight((int)Channel.JawOpen, 0);
            World.Play(1, 1 / 60f, () => Assert.AreEqual(0f, actor.Weight(Channel.JawOpen)));
        }

        [Test]
        public void AnimationThatHasNoLayerIsOverriddenInEveryFrame()
        {
            Speak();
            actor.Audio.Stop();
            World.Play(2);
            World.Animation = () =>
            {
                actor.Face.SetBlendShapeWeight((int)Channel.JawOpen, 50);
                actor.Face.SetBlendShapeWeight((int)Channel.CheekPuff, 50);
            };
            World.Play(0.5, 1 / 60f, () =>
            {
                Assert.AreEqual(Spoken(Channel.JawOpen), actor.Weight(Channel.JawOpen), 1e-3, "at rest too");
                Assert.AreEqual(Spoken(Channel.CheekPuff), actor.Weight(Channel.CheekPuff), 1e-3, "never moves in speech");
            });
        }

        [Test]
        public void BelowSpeechItShowsOnlyWhereSpeechHasNoSay()
        {
            actor.Driver.Authored = new LayerSettings(FaceRegion.All, LayerMode.Override, 1, -100);
            actor.Driver.Speech = new LayerSettings(FaceRegion.Lips | FaceRegion.Jaw, LayerMode.Override, 1, 0);
            Speak();
            World.Animation = () =>
            {
                actor.Face.SetBlendShapeWeight((int)Channel.CheekPuff, 35);
                actor.Face.SetBlendShapeWeight((int)Channel.JawOpen, 90);
            };
            World.Play(0.5, 1 / 60f, () =>
            {
                Assert.AreEqual(35, actor.Weight(Channel.CheekPuff), 1e-3);
                Assert.AreEqual(Spoken(Channel.JawOpen), actor.Weight(Channel.JawOpen), 1e-3);
                Assert.AreEqual(0f, actor.Weight(Channel.EyeBlinkLeft));
            });
        }

        [Test]
        public void AdditiveSpeechIsAddedAndClipped()
        {
            actor.Driver.Authored = new LayerSettings(FaceRegion.All, LayerMode.Override, 1, -100);
            actor.Driver.Speech = new LayerSettings(FaceRegion.All, LayerMode.Additive, 1, 0);
            Speak();
            World.Animation = () => actor.Face.SetBlendShapeWeight((int)Channel.JawOpen, 95);
            var clipped = 0;
            World.Play(1.5, 1 / 60f, () =>
            {
                var sum = Math.Min(100, 95 + Spoken(Channel.JawOpen));
                clipped += sum >= 100 ? 1 : 0;
                Assert.AreEqual(sum, actor.Weight(Channel.JawOpen), 1e-2);
            });
            Assert.Greater(clipped, 0);
        }

        [Test]
        public void UnwrittenAuthoredLayersLeaveSpeechAlone()
        {
            actor.Driver.Authored = new LayerSettings(FaceRegion.All & ~FaceRegion.Head, LayerMode.Override, 1, 100);
            Speak();
            World.Play(1, 1 / 60f, () =>
            {
                for (var i = 0; i < 52; i++)
                    Assert.AreEqual(actor.Source.Pose.Weights[i] * 100f, actor.Face.GetBlendShapeWeight(i), 1e-4);
            });
        }

        [Test]
        public void LayersOfCodeGoByPriorityAndAreRemoved()
        {
            Speak();
            var low = actor.Driver.AddLayer(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 10));
            var high = actor.Driver.AddLayer(new LayerSettings(FaceRegion.Jaw, LayerMode.Override, 0.5f, 20));
            low.Pose[Channel.JawOpen] = 0.2f;
            high.Pose[Channel.JawOpen] = 0.6f;
            World.Frame(1 / 60f);
            Assert.AreEqual(40, actor.Weight(Channel.JawOpen), 1e-3);
            Assert.IsTrue(actor.Driver.RemoveLayer(high));
            World.Frame(1 / 60f);
            Assert.AreEqual(20, actor.Weight(Channel.JawOpen), 1e-3);
            Assert.IsTrue(actor.Driver.RemoveLayer(low));
            Assert.IsFalse(actor.Driver.RemoveLayer(low));
            World.Frame(1 / 60f);
            Assert.AreEqual(Spoken(Channel.JawOpen), actor.Weight(Channel.JawOpen), 1e-3);
        }

        private Transform Bone(Vector3 place, Quaternion own)
        {
            var bone = new GameObject("bone").transform;
            bone.SetParent(actor.Body.transform, false);
            bone.localPosition = place;
            bone.localRotation = own;
            return bone;
        }

        private static Vector3 Ahead(Transform bone, Quaternion own)
        {
            return bone.rotation * (Quaternion.Inverse(own) * new Vector3(0, 0, 1));
        }

        [Test]
        public void HeadNodsTurnsAndTiltsInUnitysAxes()
        {
            var own = Quaternion.Euler(90, 30, 10);
            var head = Bone(new Vector3(0, 1, 0), own);
            actor.Driver.Head = head;
            actor.Driver.Speech = new LayerSettings(FaceRegion.All, LayerMode.Override, 0, 0);
            actor.Body.transform.localRotation = Quaternion.Euler(0, 180, 0);
            actor.Enter();
            var layer = actor.Driver.AddLayer(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 10));
            var sine = (float)Math.Sin(0.2);
            var cosine = (float)Math.Cos(0.2);
            var back = Quaternion.Inverse(actor.Body.transform.rotation);
            layer.Pose.HeadRotation = new Quat(sine, 0, 0, cosine);
            World.Frame(1 / 60f);
            var nod = back * Ahead(head, own);
            Assert.Less(nod.y, -0.3, "TalkFace's +X nods down");
            layer.Pose.HeadRotation = new Quat(0, sine, 0, cosine);
            World.Frame(1 / 60f);
            var turn = back * Ahead(head, own);
            Assert.Less(turn.x, -0.3, "+Y turns to the character's left, which is -X in Unity");
            Assert.AreEqual(0, turn.y, 1e-4);
            layer.Pose.HeadRotation = new Quat(0, 0, sine, cosine);
            World.Frame(1 / 60f);
            var ear = back * (head.rotation * (Quaternion.Inverse(own) * new Vector3(1, 0, 0)));
            Assert.Less(ear.y, -0.3, "+Z lowers the right ear, which is +X in Unity");
            layer.Pose.Clear();
            layer.Pose.HeadTranslation = new Vec3(0.02f, 0.01f, 0.03f);
            World.Frame(1 / 60f);
            Assert.AreEqual(-0.02, head.localPosition.x, 1e-5, "the character's left");
            Assert.AreEqual(1.01, head.localPosition.y, 1e-5);
            Assert.AreEqual(0.03, head.localPosition.z, 1e-5);
            Assert.AreEqual(0, Quaternion.Angle(own, head.localRotation), 0.05);
        }

        [Test]
        public void EyesLookToTheSideThatTheirChannelsSay()
        {
            var left = Bone(new Vector3(-0.03f, 1, 0), Quaternion.identity);
            var right = Bone(new Vector3(0.03f, 1, 0), Quaternion.identity);
            actor.Driver.SetEyes(left, right, 30);
            Speak();
            World.Play(0.3);
            var pose = actor.Source.Pose;
            pose.Clear();
            var looked = 0;
            World.Play(4, 1 / 60f, () =>
            {
                pose = actor.Source.Pose;
                var yaw = (pose[Channel.EyeLookInLeft] - pose[Channel.EyeLookOutLeft]) * 30;
                var down = (pose[Channel.EyeLookDownLeft] - pose[Channel.EyeLookUpLeft]) * 30;
                var ahead = left.localRotation * new Vector3(0, 0, 1);
                Assert.AreEqual(yaw, Math.Atan2(ahead.x, ahead.z) * 180 / Math.PI, 0.05, "left eye");
                Assert.AreEqual(down, -Math.Asin(ahead.y) * 180 / Math.PI, 0.05, "left eye, down");
                ahead = right.localRotation * new Vector3(0, 0, 1);
                yaw = (pose[Channel.EyeLookOutRight] - pose[Channel.EyeLookInRight]) * 30;
                Assert.AreEqual(yaw, Math.Atan2(ahead.x, ahead.z) * 180 / Math.PI, 0.05, "right eye");
                looked += Math.Abs(yaw) > 1 ? 1 : 0;
            });
            Assert.Greater(looked, 10);
        }

        [Test]
        public void EyeBonesFollowTheLayersAsBlendshapesDo()
        {
            var left = Bone(new Vector3(-0.03f, 1, 0), Quaternion.identity);
            var right = Bone(new Vector3(0.03f, 1, 0), Quaternion.identity);
            actor.Driver.SetEyes(left, right, 30);
            Speak();
            var layer = actor.Driver.AddLayer(new LayerSettings(FaceRegion.Eyes, LayerMode.Override, 1, 10));
            layer.Pose[Channel.EyeLookInLeft] = 1;
            layer.Pose[Channel.EyeLookOutRight] = 1;
            World.Play(0.5, 1 / 60f, () =>
            {
                Assert.AreEqual(0, Quaternion.Angle(Quaternion.Euler(0, 30, 0), left.localRotation), 0.05, "the cutscene's gaze");
                Assert.AreEqual(0, Quaternion.Angle(Quaternion.Euler(0, 30, 0), right.localRotation), 0.05);
            });
            layer.Weight = 0.5f;
            layer.Mode = LayerMode.Additive;
            actor.Driver.Speech = new LayerSettings(FaceRegion.Lips, LayerMode.Override, 1, 0);
            World.Frame(1 / 60f);
            Assert.AreEqual(0, Quaternion.Angle(Quaternion.Euler(0, 15, 0), left.localRotation), 0.05, "half, on a face at rest");
            actor.Driver.RemoveLayer(layer);
            World.Frame(1 / 60f);
            Assert.AreEqual(0, Quaternion.Angle(Quaternion.identity, left.localRotation), 0.05, "speech has no say in the eyes");
        }

        [Test]
        public void AChangeInTheInspectorIsBoundAtOnce()
        {
            Speak();
            Assert.AreEqual("arkit", actor.Driver.Report.Rig);
            var map = ScriptableObject.CreateInstance<RigMapAsset>();
            map.name = "mine";
            map.Rows.Add(new RigMapAsset.Row { blendshape = "jawOpen", sources = { new RigMapAsset.Part { channel = "jawOpen", weight = 1 } } });
            var hidden = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic;
            typeof(TalkFaceDriver).GetField("rigMap", hidden).SetValue(actor.Driver, map);
            typeof(TalkFaceDriver).GetMethod("OnValidate", hidden).Invoke(actor.Driver, null);
            Assert.AreEqual("mine", actor.Driver.Report.Rig);
            Assert.AreEqual(1, actor.Driver.DrivenCount);
        }

        [Test]
        public void TheHeadIsTurnedOnTopOfAnimationAndDoesNotDrift()
        {
            var head = Bone(new Vector3(0, 1, 0), Quaternion.identity);
            actor.Driver.Head = head;
            Speak();
            World.Play(2);
            Assert.Less(Quaternion.Angle(Quaternion.identity, head.localRotation), 30, "no sum over frames");
            var animated = Quaternion.Euler(0, 60, 0);
            World.Animation = () => head.localRotation = animated;
            var moved = 0f;
            World.Play(1, 1 / 60f, () =>
            {
                var turn = actor.Source.Pose.UnityHeadRotation;
                var expected = new Quaternion(turn.X, turn.Y, turn.Z, turn.W) * animated;
                Assert.Less(Quaternion.Angle(expected, head.localRotation), 0.1);
                moved = Math.Max(moved, Quaternion.Angle(animated, head.localRotation));
            });
            Assert.Greater(moved, 0.2);
            World.Animation = null;
            actor.Driver.Authored = new LayerSettings(FaceRegion.Head, LayerMode.Override, 1, 100);
            World.Animation = () => head.localRotation = animated;
            World.Play(0.2, 1 / 60f, () => Assert.Less(Quaternion.Angle(animated, head.localRotation), 0.05, "the cutscene's head"));
        }
    }
}
