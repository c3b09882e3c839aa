using System;
using System.Collections.Generic;
using System.IO;
using NUnit.Framework;
using Simulation;
using TalkFace;
using TalkFace.Unity;
using TalkFace.Unity.Editor;
using UnityEditor;
using UnityEngine;

namespace Loop
{
    /// <summary>Baking, importing and menus, in a project of a simulated editor.</summary>
    public sealed class EditorCases
    {
        private readonly AudioClip clip = Cast.Speech();

        [SetUp]
        public void SetUp()
        {
            Editing.Project.Clear();
            Editing.Progress.Clear();
            Editing.Dialogs.Clear();
            Editing.Selected.Clear();
            Editing.SelectedFolders.Clear();
            Editing.CancelAt = 0;
            Editing.Project["Assets/default.asset"] = Cast.Model();
            clip.name = "one";
            Editing.Project["Assets/Lines/one.wav"] = clip;
            BakeMenu.Character = null;
            BakeMenu.MaxError = 0.005f;
        }

        private static AnimationClip Clip(string path)
        {
            Assert.IsTrue(Editing.Project.ContainsKey(path), path);
            return (AnimationClip)Editing.Project[path];
        }

        private List<FacePose> Frames()
        {
            using (var model = FaceModel.Open(Path.Combine(Application.streamingAssetsPath, "default")))
                return FaceBaker.Frames(model, Cast.Data(clip), 1, clip.frequency, new BakeOptions());
        }

        [Test]
        public void ABakedClipStaysWithinItsErrorOfEveryFrame()
        {
            Editing.Selected.Add(clip);
            Assert.IsTrue(BakeMenu.CanBake());
            BakeMenu.BakeClips();
            var made = Clip("Assets/Lines/one_face.anim");
            Assert.AreEqual(60f, made.frameRate);
            Assert.AreEqual(52, AnimationUtility.GetCurveBindings(made).Length);
            var frames = Frames();
            var keys = 0;
            foreach (var binding in AnimationUtility.GetCurveBindings(made))
            {
                Assert.AreEqual("", binding.path);
                Assert.AreEqual(typeof(SkinnedMeshRenderer), binding.type);
                var channel = Array.IndexOf(Names.Channels, binding.propertyName.Substring("blendShape.".Length));
                var curve = AnimationUtility.GetEditorCurve(made, binding);
                keys += curve.length;
                foreach (var frame in frames)
                    Assert.AreEqual(frame.Weights[channel] * 100, curve.Evaluate((float)frame.Seconds), 0.5 + 2e-3, binding.propertyName);
            }
            Assert.Less(keys, frames.Count * 52 / 2, "fewer keys than frames");
            Assert.IsFalse(Editing.BarShown);
            Assert.AreEqual(0, Editing.Dialogs.Count);
        }

        [Test]
        public void ACharactersOwnNamesPathsAndBonesAreBaked()
        {
            var body = new GameObject("hero");
            body.SetActive(false);
            var face = Cast.Face(body, Cast.First(Cast.Names("unity_sample")), 1);
            face.transform.SetParent(body.transform, false);
            var neck = new GameObject("neck").transform;
            neck.SetParent(body.transform, false);
            neck.localRotation = Quaternion.Euler(20, 0, 70);
            var head = new GameObject("head").transform;
            head.SetParent(neck, false);
            head.localRotation = Quaternion.Euler(0, 50, 0);
            head.localPosition = new Vector3(0, 0.1f, 0);
            body.AddComponent<AudioSource>();
            var driver = body.AddComponent<TalkFaceDriver>();
            driver.Head = head;
            driver.EaseSeconds = 0;
            body.SetActive(true);
            BakeMenu.Character = driver;
            Editing.Selected.Add(clip);
            BakeMenu.BakeClips();
            var made = Clip("Assets/Lines/one_face.anim");
            var jaw = AnimationUtility.GetEditorCurve(made, EditorCurveBinding.FloatCurve("mesh", typeof(SkinnedMeshRenderer), "blendShape.blendShape2.jawOpen"));
            Assert.IsNotNull(jaw);
            var layer = driver.AddLayer(new LayerSettings(FaceRegion.All, LayerMode.Override, 1, 10));
            var frames = Frames();
            var x = AnimationUtility.GetEditorCurve(made, EditorCurveBinding.FloatCurve("neck/head", typeof(Transform), "m_LocalRotation.x"));
            for (var k = 1; k < 4; k++)
            {
                var other = AnimationUtility.GetEditorCurve(made, EditorCurveBinding.FloatCurve("neck/head", typeof(Transform), "m_LocalRotation." + "xyzw"[k]));
                Assert.AreEqual(x.length, other.length, "a rotation's parts have the same keys");
                for (var i = 0; i < x.length; i++)
                    Assert.AreEqual(x.keys[i].time, other.keys[i].time);
            }
            Assert.Less(x.length, frames.Count);
            var turned = 0f;
            for (var i = 0; i < frames.Count; i += 7)
            {
                layer.Pose.CopyFrom(frames[i]);
                World.Frame(1 / 60f);
                Assert.AreEqual(frames[i][Channel.JawOpen], jaw.Evaluate((float)frames[i].Seconds), 0.00502);
                var parts = new float[4];
                for (var k = 0; k < 4; k++)
                    parts[k] = AnimationUtility.GetEditorCurve(made, EditorCurveBinding.FloatCurve("neck/head", typeof(Transform), "m_LocalRotation." + "xyzw"[k])).Evaluate((float)frames[i].Seconds);
                var norm = (float)Math.Sqrt(parts[0] * parts[0] + parts[1] * parts[1] + parts[2] * parts[2] + parts[3] * parts[3]);
                var baked = new Quaternion(parts[0] / norm, parts[1] / norm, parts[2] / norm, parts[3] / norm);
                Assert.Less(Quaternion.Angle(baked, head.localRotation), 0.3, "the driver shows the same head");
                turned = Math.Max(turned, Quaternion.Angle(Quaternion.Euler(0, 50, 0), head.localRotation));
            }
            Assert.Greater(turned, 1);
        }

        [Test]
        public void CancelStopsBetweenStepsAndKeepsWhatIsDone()
        {
            for (var i = 0; i < 4; i++)
            {
                var other = Cast.Speech();
                other.name = "line" + i;
                Editing.Project["Assets/Lines/line" + i + ".wav"] = other;
                Editing.Selected.Add(other);
            }
            BakeMenu.BakeFaces();
            var steps = Editing.Progress.Count;
            Assert.Greater(steps, 12);
            foreach (var path in new List<string>(Editing.Project.Keys))
                if (path.EndsWith("_face.asset"))
                    Editing.Project.Remove(path);
            Editing.Progress.Clear();
            Editing.CancelAt = steps / 2 + 1;
            BakeMenu.BakeFaces();
            Assert.AreEqual(Editing.CancelAt, Editing.Progress.Count, "not one step more");
            Assert.IsTrue(Editing.Project.ContainsKey("Assets/Lines/line0_face.asset"));
            Assert.IsFalse(Editing.Project.ContainsKey("Assets/Lines/line3_face.asset"));
            Assert.IsFalse(Editing.BarShown);
            Assert.AreEqual(0, TalkFaceRuntime.NativeObjects);
        }

        [Test]
        public void AFolderIsBakedWithAllBelowIt()
        {
            foreach (var path in new[] { "Assets/Lines/Act1/two.wav", "Assets/Music/theme.wav" })
            {
                var sound = Cast.Speech();
                sound.name = Path.GetFileNameWithoutExtension(path);
                Editing.Project[path] = sound;
            }
            Assert.IsFalse(BakeMenu.CanBake());
            Editing.SelectedFolders.Add("Assets/Lines");
            Assert.IsTrue(BakeMenu.CanBake());
            BakeMenu.BakeFaces();
            Assert.IsTrue(Editing.Project.ContainsKey("Assets/Lines/one_face.asset"));
            Assert.IsTrue(Editing.Project.ContainsKey("Assets/Lines/Act1/two_face.asset"));
            Assert.IsFalse(Editing.Project.ContainsKey("Assets/Music/theme_face.asset"));
        }

        [Test]
        public void BakingAgainWritesOverTheSameAsset()
        {
            Editing.Selected.Add(clip);
            BakeMenu.BakeClips();
            var first = Clip("Assets/Lines/one_face.anim");
            BakeMenu.MaxError = 0.1f;
            BakeMenu.BakeClips();
            Assert.AreSame(first, Clip("Assets/Lines/one_face.anim"));
            Assert.Less(AnimationUtility.GetEditorCurve(first, EditorCurveBinding.FloatCurve("", typeof(SkinnedMeshRenderer), "blendShape.jawOpen")).length, 60);
        }

        [Test]
        public void SoundsThatCannotBeReadAreNamedAndTheOthersBaked()
        {
            var streaming = Cast.Speech();
            streaming.name = "music";
            Editing.Project["Assets/Lines/music.wav"] = streaming;
            streaming.GetType().GetField("SimLoadType", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)
                .SetValue(streaming, AudioClipLoadType.Streaming);
            Editing.Selected.Add(streaming);
            Editing.Selected.Add(clip);
            BakeMenu.BakeFaces();
            Assert.AreEqual(1, Editing.Dialogs.Count);
            Assert.IsTrue(Editing.Dialogs[0].Contains("music: cannot be read"), Editing.Dialogs[0]);
            var face = (BakedFaceAsset)Editing.Project["Assets/Lines/one_face.asset"];
            Assert.AreSame(clip, face.Audio);
            Assert.AreEqual(clip.length, face.Baked.Seconds, 0.03);
        }

        [Test]
        public void AnArchiveOfABundleIsImportedAndSpeaks()
        {
            foreach (var kind in new[] { "stored", "deflated" })
            {
                var errors = new List<string>();
                var importer = new BundleImporter();
                Cast.Inspect(importer, "threads", 4);
                Cast.Inspect(importer, "openInBackground", false);
                var made = Editing.Import(importer, Path.Combine(Cast.Made, kind + ".talkface"), errors);
                Assert.AreEqual("", string.Join("", errors.ToArray()));
                var asset = (TalkFaceModelAsset)made[0];
                Assert.AreEqual(kind, asset.name);
                Assert.AreEqual(4, asset.Threads, "of the importer's settings");
                Assert.IsFalse(asset.OpenInBackground);
                var model = asset.Acquire();
                Assert.AreEqual("default", model.Info.Name);
                asset.Release(model);
            }
        }

        [Test]
        public void ABadArchiveIsRefusedWithAReason()
        {
            foreach (var bad in new[] { "empty", "text", "cut", "changed", "nomanifest" })
            {
                var errors = new List<string>();
                var made = Editing.Import(new BundleImporter(), Path.Combine(Cast.Made, bad + ".talkface"), errors);
                Assert.AreEqual(0, made.Length, bad);
                Assert.AreEqual(1, errors.Count, bad);
                Assert.Greater(errors[0].Length, bad.Length + 30);
            }
        }

        [Test]
        public void TheDefaultBundleIsCopiedOnce()
        {
            Editing.Project.Clear();
            Editing.PackagePath = Path.Combine(Cast.Made, "package");
            var before = Application.streamingAssetsPath;
            var field = typeof(Application).GetField("SimStreamingAssets", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic);
            var target = Path.Combine(Cast.Made, "project");
            field.SetValue(null, target);
            try
            {
                var model = DefaultModel.FindOrCreate();
                Assert.IsTrue(File.Exists(Path.Combine(target, "TalkFace/default/manifest.json")));
                Assert.AreSame(model, DefaultModel.FindOrCreate());
                var opened = model.Acquire();
                Assert.AreEqual("default", opened.Info.Name);
                Assert.IsTrue(TalkFaceModelAssetEditor.Facts(model).StartsWith("Open: default "), TalkFaceModelAssetEditor.Facts(model));
                model.Release(opened);
                Assert.IsNull(TalkFaceModelAssetEditor.Missing(model));
                model.StreamingAssetsFolder = "other";
                Assert.IsTrue(TalkFaceModelAssetEditor.Missing(model).Contains("other"));
                DefaultModel.CreateWithBundle();
                var inside = (TalkFaceModelAsset)Selection.activeObject;
                Assert.AreSame(inside, Editing.Project["Assets/TalkFaceModel 1.asset"]);
                inside.StreamingAssetsFolder = "nowhere";
                Assert.IsNull(TalkFaceModelAssetEditor.Missing(inside));
                Assert.IsTrue(TalkFaceModelAssetEditor.Facts(inside).Contains(" MB"), TalkFaceModelAssetEditor.Facts(inside));
                opened = inside.Acquire();
                Assert.AreEqual("default", opened.Info.Name);
                inside.Release(opened);
                Editing.PackagePath = Path.Combine(Cast.Made, "nowhere");
                var error = Assert.Throws<DirectoryNotFoundException>(DefaultModel.CopyBundle);
                Assert.IsTrue(error.Message.Contains(".tgz"));
                Assert.Throws<DirectoryNotFoundException>(DefaultModel.CreateWithBundle);
                Editing.Project.Clear();
                Directory.Delete(target, true);
                Editing.Selected.Add(clip);
                BakeMenu.BakeClips();
                Assert.IsTrue(Editing.Dialogs[0].Contains(".tgz"), Editing.Dialogs[0]);
                Assert.IsFalse(Editing.BarShown);
            }
            finally
            {
                field.SetValue(null, before);
            }
        }

        [Test]
        public void ACharacterWithoutBlendshapesIsSaidToWantATimeline()
        {
            var body = new GameObject("vrm");
            var instance = body.AddComponent<VRM.VRMBlendShapeProxy>();
            instance.BlendShapeAvatar = ScriptableObject.CreateInstance<VRM.BlendShapeAvatar>();
            foreach (var name in TalkFace.Names.Channels)
            {
                var expression = ScriptableObject.CreateInstance<VRM.BlendShapeClip>();
                expression.BlendShapeName = name;
                instance.BlendShapeAvatar.Clips.Add(expression);
            }
            body.AddComponent<TalkFaceVrm0>();
            BakeMenu.Character = body.AddComponent<TalkFaceDriver>();
            Editing.Selected.Add(clip);
            BakeMenu.BakeClips();
            Assert.IsTrue(Editing.Dialogs[0].Contains("bake for Timeline"), Editing.Dialogs[0]);
            Assert.AreEqual(2, Editing.Project.Count, "nothing was made");
        }

        [Test]
        public void TheSampleSceneUsesThePipelineThatIsInUse()
        {
            var face = SampleScene.Create().GetComponentInChildren<SkinnedMeshRenderer>();
            Assert.AreEqual("Standard", face.sharedMaterial.shader.name);
            var pipeline = typeof(UnityEngine.Rendering.GraphicsSettings).GetField("SimPipeline", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic);
            pipeline.SetValue(null, ScriptableObject.CreateInstance<Pipeline>());
            try
            {
                face = SampleScene.Create().GetComponentInChildren<SkinnedMeshRenderer>();
                Assert.AreEqual("a pipeline's own", face.sharedMaterial.shader.name);
            }
            finally
            {
                pipeline.SetValue(null, null);
            }
        }

        private sealed class Pipeline : UnityEngine.Rendering.RenderPipelineAsset
        {
            public override Shader defaultShader
            {
                get { return Shader.Find("a pipeline's own"); }
            }
        }

        [Test]
        public void TheSampleFaceIsSeenFromOutside()
        {
            var mesh = SampleFace.Build();
            var places = mesh.vertices;
            var corners = mesh.triangles;
            var turned = 0;
            for (var i = 0; i < corners.Length; i += 3)
            {
                Vector3 a = places[corners[i]], b = places[corners[i + 1]], c = places[corners[i + 2]];
                float ux = b.x - a.x, uy = b.y - a.y, uz = b.z - a.z, vx = c.x - a.x, vy = c.y - a.y, vz = c.z - a.z;
                var outwards = (uy * vz - uz * vy) * a.x + (uz * vx - ux * vz) * a.y + (ux * vy - uy * vx) * a.z;
                Assert.Greater(outwards, -1e-7, "Unity draws the side from which corners go clockwise");
                turned += outwards > 1e-9 ? 1 : 0;
            }
            Assert.Greater(turned, corners.Length / 3 * 0.9);
            Assert.Less(places[48 / 2 * 65].z, 0, "the seam is behind");
        }

        [Test]
        public void TheSampleSceneSpeaks()
        {
            Editing.Selected.Add(clip);
            var body = SampleScene.Create();
            var driver = body.GetComponentInChildren<TalkFaceDriver>();
            Assert.AreEqual(52, driver.Report.Matched.Count);
            Assert.IsNotNull(Camera.main);
            Assert.AreEqual(1, UnityEngine.Object.FindObjectsOfType<AudioListener>().Length);
            var audio = body.GetComponentInChildren<AudioSource>();
            Assert.AreSame(clip, audio.clip);
            World.Frame(1 / 60f);
            Cast.Wait(() => !body.GetComponentInChildren<TalkFaceSource>().IsLoading);
            audio.Play();
            var face = body.GetComponentInChildren<SkinnedMeshRenderer>();
            var jaw = 0f;
            World.Play(1.5, 1 / 60f, () => jaw = Math.Max(jaw, face.GetBlendShapeWeight(face.sharedMesh.GetBlendShapeIndex("jawOpen"))));
            Assert.Greater(jaw, 5);
        }
    }
}
