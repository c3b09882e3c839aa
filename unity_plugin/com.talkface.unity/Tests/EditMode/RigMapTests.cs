using NUnit.Framework;
using TalkFace.Unity.Editor;
using UnityEngine;

namespace TalkFace.Unity.Tests
{
    public sealed class RigMapTests
    {
        private GameObject body;
        private RigMapAsset map;

        [SetUp]
        public void SetUp()
        {
            body = new GameObject("character");
            map = ScriptableObject.CreateInstance<RigMapAsset>();
            map.name = "test";
        }

        [TearDown]
        public void TearDown()
        {
            Object.DestroyImmediate(body);
            Object.DestroyImmediate(map);
        }

        [Test]
        public void AutoFillKnowsSpellingsAndLeavesTheRestToYou()
        {
            TestFaces.Add(body, "blendShape2.jawOpen", "blendShape2.eyeBlink_L", "Hat");
            Assert.AreEqual("2 of 3 blendshapes are filled in; give the others their sources by hand.", RigMapAssetEditor.Fill(map, body));
            Assert.AreEqual("2 of 3 targets are driven.", RigMapAssetEditor.Check(map));
            Assert.AreEqual("eyeBlinkLeft", map.Rows[1].sources[0].channel);
        }

        [Test]
        public void AWrongSourceIsNamed()
        {
            TestFaces.Add(body, "jawOpen");
            RigMapAssetEditor.Fill(map, body);
            map.Rows[0].sources[0] = new RigMapAsset.Part { channel = "jaw", weight = 1 };
            Assert.IsTrue(RigMapAssetEditor.Check(map).Contains("jaw"));
        }

        [Test]
        public void TheInspectorSaysWhatIsMatched()
        {
            TestFaces.Add(body, "jawOpen", "mouthClose");
            string said = TalkFaceDriverEditor.Summary(body.AddComponent<TalkFaceDriver>().Report);
            Assert.AreEqual("Rig arkit: 2 blendshapes known, 0 not known, 50 missing.", said);
        }

        [Test]
        public void TheSampleFaceHasAllChannelsAndEachMoves()
        {
            Mesh mesh = SampleFace.Build();
            Assert.AreEqual(52, mesh.blendShapeCount);
            Assert.AreEqual(mesh.vertexCount, mesh.vertices.Length);
            foreach (int corner in mesh.triangles)
            {
                Assert.IsTrue(corner >= 0 && corner < mesh.vertexCount);
            }
            Object.DestroyImmediate(mesh);
        }
    }
}
