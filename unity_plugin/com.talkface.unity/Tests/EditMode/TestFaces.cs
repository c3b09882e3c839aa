using UnityEngine;

namespace TalkFace.Unity.Tests
{
    internal static class TestFaces
    {
        /// <summary>A mesh of one triangle with blendshapes of these names, below an object.</summary>
        public static SkinnedMeshRenderer Add(GameObject below, params string[] blendshapes)
        {
            Mesh mesh = new Mesh { vertices = new[] { Vector3.zero, Vector3.up, Vector3.right }, triangles = new[] { 0, 1, 2 } };
            foreach (string name in blendshapes)
            {
                mesh.AddBlendShapeFrame(name, 100, new Vector3[3], null, null);
            }
            GameObject item = new GameObject("face");
            item.transform.SetParent(below.transform, false);
            SkinnedMeshRenderer renderer = item.AddComponent<SkinnedMeshRenderer>();
            renderer.sharedMesh = mesh;
            return renderer;
        }
    }
}
