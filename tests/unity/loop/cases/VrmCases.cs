using System.Collections.Generic;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Unity;
using UniVRM10;
using UnityEngine;
using VRM;

namespace Loop
{
    /// <summary>Characters of UniVRM, shown by their expressions.</summary>
    public sealed class VrmCases
    {
        private GameObject body;
        private TalkFaceDriver driver;
        private SkinnedMeshRenderer mesh;

        /// <summary>A root with a mesh whose blendshapes have the modeller's names.</summary>
        private void Enter(params string[] blendshapes)
        {
            mesh = Cast.Face(body, blendshapes, 100);
            driver = body.AddComponent<TalkFaceDriver>();
            body.SetActive(true);
        }

        private FacePose Pose()
        {
            return driver.AddLayer(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 10)).Pose;
        }

        private Vrm10Instance Vrm1(params string[] custom)
        {
            body = new GameObject("vrm 1");
            body.SetActive(false);
            var instance = body.AddComponent<Vrm10Instance>();
            instance.Vrm = ScriptableObject.CreateInstance<VRM10Object>();
            for (var preset = ExpressionPreset.happy; preset <= ExpressionPreset.neutral; preset++)
                instance.Vrm.SimExpressions.Add(ExpressionKey.CreateFromPreset(preset));
            foreach (var name in custom)
                instance.Vrm.SimExpressions.Add(ExpressionKey.CreateCustom(name));
            body.AddComponent<TalkFaceVrm1>();
            return instance;
        }

        private VRMBlendShapeProxy Vrm0(params string[] custom)
        {
            body = new GameObject("vrm 0");
            body.SetActive(false);
            var proxy = body.AddComponent<VRMBlendShapeProxy>();
            proxy.BlendShapeAvatar = ScriptableObject.CreateInstance<BlendShapeAvatar>();
            for (var preset = BlendShapePreset.Neutral; preset <= BlendShapePreset.Blink_R; preset++)
                proxy.BlendShapeAvatar.Clips.Add(Clip(preset, "a name of the modeller's"));
            foreach (var name in custom)
                proxy.BlendShapeAvatar.Clips.Add(Clip(BlendShapePreset.Unknown, name));
            proxy.BlendShapeAvatar.Clips.Insert(3, null);
            body.AddComponent<TalkFaceVrm0>();
            return proxy;
        }

        private static BlendShapeClip Clip(BlendShapePreset preset, string name)
        {
            var clip = ScriptableObject.CreateInstance<BlendShapeClip>();
            clip.Preset = preset;
            clip.BlendShapeName = name;
            return clip;
        }

        private static float Shown(VRMBlendShapeProxy proxy, BlendShapePreset preset)
        {
            float value;
            return proxy.SimShown.TryGetValue(proxy.BlendShapeAvatar.Clips.Find(one => one != null && one.Preset == preset), out value) ? value : -1;
        }

        [Test]
        public void AVrm1ShowsItsExpressionsInTheSameFrame()
        {
            var instance = Vrm1();
            Enter("Fcl_MTH_A", "Fcl_EYE_Close");
            Assert.AreEqual("vrm1", driver.Report.Rig);
            Assert.AreEqual(15, driver.DrivenCount, "all presets but blink, relaxed and neutral");
            var pose = Pose();
            pose[Channel.JawOpen] = 0.25f;
            pose[Channel.EyeBlinkRight] = 0.75f;
            World.Frame(1 / 60f);
            Assert.AreEqual(0.5f, instance.SimShown["aa"], "twice the jaw");
            Assert.AreEqual(0.75f, instance.SimShown["blinkRight"]);
            Assert.AreEqual(0f, instance.SimShown["blinkLeft"]);
            Assert.IsFalse(instance.SimShown.ContainsKey("relaxed"), "left to others");
            driver.enabled = false;
            World.Frame(1 / 60f);
            Assert.AreEqual(0f, instance.SimShown["blinkRight"]);
        }

        [Test]
        public void AVrm1OfArkitsExpressionsIsDrivenByThem()
        {
            var instance = Vrm1(TalkFace.Names.Channels);
            Enter();
            Assert.AreEqual("arkit", driver.Report.Rig);
            var pose = Pose();
            pose[Channel.EyeBlinkLeft] = 1;
            pose[Channel.MouthRollLower] = 0.5f;
            World.Frame(1 / 60f);
            Assert.AreEqual(1f, instance.SimShown["eyeBlinkLeft"]);
            Assert.AreEqual(0.5f, instance.SimShown["mouthRollLower"]);
            Assert.IsFalse(instance.SimShown.ContainsKey("blinkLeft"), "the lids are closed once");
        }

        [Test]
        public void InEditModeAVrm1HasItsPresets()
        {
            Editing.LeavePlay();
            Vrm1();
            Enter("Fcl_MTH_A");
            body.SetActive(false);
            driver.Rebind();
            Assert.AreEqual("vrm1", driver.Report.Rig, "in the inspector of a prefab, where nothing is active");
            Assert.AreEqual(18, driver.Report.Matched.Count);
        }

        [Test]
        public void AVrm0ShowsItsClipsTogether()
        {
            var proxy = Vrm0();
            Enter("eye_close_L", "mouth_a");
            Assert.AreEqual("vrm0", driver.Report.Rig);
            var pose = Pose();
            pose[Channel.JawOpen] = 0.25f;
            pose[Channel.EyeBlinkLeft] = 0.75f;
            World.Frame(1 / 60f);
            Assert.AreEqual(0.5f, Shown(proxy, BlendShapePreset.A), "twice the jaw");
            Assert.AreEqual(0.75f, Shown(proxy, BlendShapePreset.Blink_L));
            Assert.AreEqual(0f, Shown(proxy, BlendShapePreset.Blink_R));
            Assert.AreEqual(-1f, Shown(proxy, BlendShapePreset.Fun), "left to others");
            var applied = proxy.SimApplied;
            World.Frame(1 / 60f);
            Assert.AreEqual(applied, proxy.SimApplied, "nothing has changed");
            pose[Channel.JawOpen] = 0.5f;
            World.Frame(1 / 60f);
            Assert.AreEqual(1f, Shown(proxy, BlendShapePreset.A));
            Assert.AreEqual(applied + driver.DrivenCount, proxy.SimApplied, "all are given again, since clips that share a blendshape add up");
            body.GetComponent<TalkFaceVrm0>().enabled = false;
            Assert.AreEqual(0f, Shown(proxy, BlendShapePreset.A), "neutral without the target");
        }

        [Test]
        public void AVrm0OfArkitsClipsIsDrivenByThem()
        {
            var proxy = Vrm0(System.Array.ConvertAll(TalkFace.Names.Channels, name => char.ToUpperInvariant(name[0]) + name.Substring(1)));
            Enter();
            Assert.AreEqual("arkit", driver.Report.Rig);
            Pose()[Channel.TongueOut] = 0.5f;
            World.Frame(1 / 60f);
            Assert.AreEqual(0.5f, proxy.SimShown[proxy.BlendShapeAvatar.Clips.Find(one => one != null && one.BlendShapeName == "TongueOut")]);
        }

        [Test]
        public void BlendshapesAreUniVrmsUnlessRenderersAreGiven()
        {
            Vrm1();
            Enter(TalkFace.Names.Channels);
            Assert.AreEqual("vrm1", driver.Report.Rig);
            Pose()[Channel.JawOpen] = 0.5f;
            World.Frame(1 / 60f);
            Assert.AreEqual(0f, mesh.GetBlendShapeWeight((int)Channel.JawOpen));
            driver.SetRenderers(mesh);
            World.Frame(1 / 60f);
            Assert.AreEqual(50f, mesh.GetBlendShapeWeight((int)Channel.JawOpen));
        }

        [Test]
        public void ATargetWithoutItsCharacterSaysSo()
        {
            body = new GameObject("nobody");
            body.SetActive(false);
            body.AddComponent<TalkFaceVrm0>();
            body.AddComponent<TalkFaceVrm1>();
            Enter();
            World.Play(0.2);
            Assert.AreEqual(2, World.Errors.Count, "each once");
            Assert.IsTrue(World.Errors[0].Contains("VRMBlendShapeProxy"), World.Errors[0]);
            Assert.IsTrue(World.Errors[1].Contains("Vrm10Instance"), World.Errors[1]);
            World.Errors.Clear();
        }

        [Test]
        public void FramesAllocateNothing()
        {
            var counter = typeof(System.GC).GetMethod("GetAllocatedBytesForCurrentThread");
            var allocated = (System.Func<long>)System.Delegate.CreateDelegate(typeof(System.Func<long>), counter);
            Vrm0();
            Enter();
            var first = Pose();
            Vrm1();
            Enter();
            var second = Pose();
            World.Play(0.1);
            allocated();
            var before = allocated();
            for (var i = 0; i < 100; i++)
            {
                first[Channel.JawOpen] = second[Channel.JawOpen] = i / 200f;
                World.Frame(1 / 60f);
            }
            var bytes = allocated() - before;
            Assert.AreEqual(0, bytes, "bytes in 100 frames");
        }
    }
}
