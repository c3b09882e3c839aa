using System;
using System.Collections.Generic;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Unity;
using UnityEngine;

namespace Loop
{
    /// <summary>Names of families, written from documentation, on meshes in their own orders and scales.</summary>
    public sealed class FamilyCases
    {
        private static void All52(string family, float fullWeight)
        {
            var lines = Cast.Names(family);
            var body = new GameObject(family);
            body.SetActive(false);
            var half = lines.Count / 2;
            var one = Cast.Face(body, Cast.First(lines.GetRange(0, half)), fullWeight);
            var two = Cast.Face(body, Cast.First(lines.GetRange(half, lines.Count - half)), fullWeight);
            var driver = body.AddComponent<TalkFaceDriver>();
            body.SetActive(true);
            Assert.AreEqual(52, driver.Report.Matched.Count, driver.Report.ToString());
            Assert.AreEqual(0, driver.Report.Unmatched.Count);
            Assert.AreEqual(0, driver.Report.Missing.Count);
            var layer = driver.AddLayer(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 10));
            for (var i = 0; i < lines.Count; i++)
            {
                var channel = Array.IndexOf(Names.Channels, lines[i][1]);
                layer.Pose.Clear();
                layer.Pose.Weights[channel] = 0.25f;
                World.Frame(1 / 60f);
                for (var j = 0; j < lines.Count; j++)
                {
                    var weight = j < half ? one.GetBlendShapeWeight(j) : two.GetBlendShapeWeight(j - half);
                    Assert.AreEqual(i == j ? 0.25f * fullWeight : 0f, weight, lines[j][0] + " for " + lines[i][1]);
                }
            }
        }

        private static void EveryName(string family, string rig, int driven)
        {
            var names = Cast.First(Cast.Names(family));
            var body = new GameObject(family);
            body.SetActive(false);
            Cast.Face(body, names, 1);
            var driver = body.AddComponent<TalkFaceDriver>();
            body.SetActive(true);
            Assert.AreEqual(rig, driver.Report.Rig);
            Assert.AreEqual(names.Length, driver.Report.Matched.Count, string.Join(" ", driver.Report.Unmatched.ToArray()));
            Assert.AreEqual(driven, driver.DrivenCount);
            Assert.AreEqual(RigLibrary.Matcher[rig].DrivenCount, driver.DrivenCount, "of the map's own");
        }

        [Test]
        public void AppleAnd52()
        {
            All52("apple", 100);
        }

        [Test]
        public void UnitysSampleAnd52()
        {
            All52("unity_sample", 100);
        }

        [Test]
        public void UnrealAnd52()
        {
            All52("unreal", 1);
        }

        [Test]
        public void WordsAnd52()
        {
            All52("words", 100);
        }

        [Test]
        public void OculusUnderThreeSpellings()
        {
            EveryName("oculus", "oculus15", 15);
            EveryName("oculus_ovr", "oculus15", 15);
            EveryName("oculus_vrchat", "oculus15", 15);
        }

        [Test]
        public void Vrm0()
        {
            EveryName("vrm0", "vrm0", RigLibrary.Matcher["vrm0"].DrivenCount);
            Assert.Greater(RigLibrary.Matcher["vrm0"].DrivenCount, 10);
        }

        [Test]
        public void Vrm1()
        {
            EveryName("vrm1", "vrm1", RigLibrary.Matcher["vrm1"].DrivenCount);
            Assert.Greater(RigLibrary.Matcher["vrm1"].DrivenCount, 10);
        }

        [Test]
        public void AnOculusMouthShowsTheVisemes()
        {
            var body = new GameObject("visemes");
            body.SetActive(false);
            var face = Cast.Face(body, Cast.First(Cast.Names("oculus_vrchat")), 1);
            var driver = body.AddComponent<TalkFaceDriver>();
            body.SetActive(true);
            var layer = driver.AddLayer(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 10));
            layer.Pose.Visemes[10] = 0.75f;
            World.Frame(1 / 60f);
            for (var i = 0; i < 15; i++)
                Assert.AreEqual(i == 10 ? 0.75f : 0f, face.GetBlendShapeWeight(i));
        }

        private sealed class Expressions : MonoBehaviour, IFaceTarget
        {
            public readonly float[] Shown = new float[18];

            public string[] FaceNames
            {
                get { return Cast.First(Cast.Names("vrm1")); }
            }

            public void Apply(int index, float value)
            {
                Shown[index] = value;
            }
        }

        [Test]
        public void AVrmsExpressionsAreDrivenThroughATarget()
        {
            var body = new GameObject("vrm");
            body.SetActive(false);
            var target = body.AddComponent<Expressions>();
            var driver = body.AddComponent<TalkFaceDriver>();
            body.SetActive(true);
            Assert.AreEqual("vrm1", driver.Report.Rig);
            var layer = driver.AddLayer(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 10));
            layer.Pose[Channel.JawOpen] = 0.25f;
            layer.Pose[Channel.EyeBlinkRight] = 0.75f;
            World.Frame(1 / 60f);
            Assert.AreEqual(0.5f, target.Shown[5], "aa is twice the jaw");
            Assert.AreEqual(0.75f, target.Shown[12], "blinkRight");
            Assert.AreEqual(0f, target.Shown[11]);
            driver.enabled = false;
            Assert.AreEqual(0f, target.Shown[12]);
        }

        [Test]
        public void UnknownNamesAreReportedOnceAndNothingIsDriven()
        {
            var body = new GameObject("stranger");
            Cast.Face(body, new[] { "Hat", "Boots" }, 100);
            var driver = body.AddComponent<TalkFaceDriver>();
            World.Play(0.1);
            Assert.AreEqual(0, driver.DrivenCount);
            Assert.IsTrue(driver.Problem.Contains("Rig Map"));
            Assert.AreEqual(1, World.Warnings.Count);
        }

        [Test]
        public void ARigMapIsTunedWhilePlaying()
        {
            var map = ScriptableObject.CreateInstance<RigMapAsset>();
            map.AutoFill(new[] { "jawOpen", "mouthPucker" });
            var body = new GameObject("tuned");
            body.SetActive(false);
            var face = Cast.Face(body, new[] { "jawOpen", "mouthPucker" }, 100);
            var driver = body.AddComponent<TalkFaceDriver>();
            driver.RigMap = map;
            body.SetActive(true);
            var pose = driver.AddLayer(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 10)).Pose;
            pose[Channel.JawOpen] = 0.5f;
            pose[Channel.MouthPucker] = 0.5f;
            World.Frame(1 / 60f);
            Assert.AreEqual(50f, face.GetBlendShapeWeight(0));
            map.Rows[0].sources[0] = new RigMapAsset.Part { channel = "jawOpen", weight = 0.5f };
            map.Rows[1].sources.Clear();
            Cast.Inspect(map, "rows", map.Rows);
            World.Frame(1 / 60f);
            Assert.AreEqual(25f, face.GetBlendShapeWeight(0));
            Assert.AreEqual(0f, face.GetBlendShapeWeight(1), "let go of");
            map.Rows[0].sources[0] = new RigMapAsset.Part { channel = "jaw", weight = 1 };
            Cast.Inspect(map, "rows", map.Rows);
            World.Play(0.1);
            Assert.AreEqual(1, World.Errors.Count, "a slip is said once");
            World.Errors.Clear();
            map.AutoFill(new[] { "jawOpen", "mouthPucker" });
            World.Frame(1 / 60f);
            Assert.AreEqual(50f, face.GetBlendShapeWeight(0));
            Assert.IsNull(driver.Problem);
        }

        [Test]
        public void AnotherMeshIsBoundAnew()
        {
            var body = new GameObject("dresser");
            var face = Cast.Face(body, Cast.First(Cast.Names("apple")), 100);
            var driver = body.AddComponent<TalkFaceDriver>();
            World.Frame(1 / 60f);
            var mesh = new Mesh();
            mesh.AddBlendShapeFrame("JawOpen", 1, new Vector3[0], null, null);
            face.sharedMesh = mesh;
            var layer = driver.AddLayer(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 10));
            layer.Pose[Channel.JawOpen] = 0.5f;
            World.Frame(1 / 60f);
            Assert.AreEqual(1, driver.DrivenCount);
            Assert.AreEqual(0.5f, face.GetBlendShapeWeight(0));
        }

        [Test]
        public void AMapOfOnesOwn()
        {
            var map = ScriptableObject.CreateInstance<RigMapAsset>();
            map.name = "mine";
            Assert.AreEqual(7, map.AutoFill(new[]
            {
                "Face.M_F00_000_00_Fcl_MTH_A", "Face.M_F00_000_00_Fcl_MTH_I", "Face.M_F00_000_00_Fcl_MTH_U",
                "Face.M_F00_000_00_Fcl_MTH_E", "Face.M_F00_000_00_Fcl_MTH_O", "Face.M_F00_000_00_Fcl_EYE_Close_L",
                "Face.M_F00_000_00_Fcl_EYE_Close_R", "Face.M_F00_000_00_Fcl_HA_Fung1",
            }));
            Assert.AreEqual(8, map.Rows.Count);
            map.Rows[7].sources.Add(new RigMapAsset.Part { channel = "jawOpen", weight = 2 });
            var body = new GameObject("vroid");
            body.SetActive(false);
            var face = Cast.Face(body, map.Rows.ConvertAll(row => row.blendshape).ToArray(), 100);
            var driver = body.AddComponent<TalkFaceDriver>();
            driver.RigMap = map;
            body.SetActive(true);
            var layer = driver.AddLayer(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 10));
            layer.Pose[Channel.JawOpen] = 0.25f;
            layer.Pose[Channel.EyeBlinkLeft] = 1;
            World.Frame(1 / 60f);
            Assert.AreEqual(50f, face.GetBlendShapeWeight(0), "A is twice the jaw");
            Assert.AreEqual(100f, face.GetBlendShapeWeight(5));
            Assert.AreEqual(0f, face.GetBlendShapeWeight(6));
            Assert.AreEqual(50f, face.GetBlendShapeWeight(7), "written by hand");
            map.Rows[0].sources[0] = new RigMapAsset.Part { channel = "jawOpne", weight = 1 };
            driver.Rebind();
            World.Frame(1 / 60f);
            Assert.IsTrue(driver.Problem.Contains("jawOpne"));
            Assert.AreEqual(1, World.Errors.Count);
            World.Errors.Clear();
        }
    }
}
