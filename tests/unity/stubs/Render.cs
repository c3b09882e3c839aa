// Pages: https://docs.unity3d.com/ScriptReference/
using System.Collections.Generic;

namespace UnityEngine
{
    public partial class Mesh : Object // Mesh.html
    {
        public Mesh() { } // Mesh-ctor.html
        public int vertexCount { get { return vertices == null ? 0 : vertices.Length; } } // Mesh-vertexCount.html
        public Vector3[] vertices { get; set; } // Mesh-vertices.html
        public int[] triangles { get; set; } // Mesh-triangles.html
        public int blendShapeCount { get { return SimShapes.Count; } } // Mesh-blendShapeCount.html
        public string GetBlendShapeName(int shapeIndex) { return SimShapes[shapeIndex].Name; } // Mesh.GetBlendShapeName.html
        public int GetBlendShapeIndex(string blendShapeName) { return SimShapes.FindIndex(shape => shape.Name == blendShapeName); } // Mesh.GetBlendShapeIndex.html
        public int GetBlendShapeFrameCount(int shapeIndex) { return SimShapes[shapeIndex].Frames.Count; } // Mesh.GetBlendShapeFrameCount.html
        public float GetBlendShapeFrameWeight(int shapeIndex, int frameIndex) { return SimShapes[shapeIndex].Frames[frameIndex]; } // Mesh.GetBlendShapeFrameWeight.html
        public void AddBlendShapeFrame(string shapeName, float frameWeight, Vector3[] deltaVertices, Vector3[] deltaNormals, Vector3[] deltaTangents) { SimAddShape(shapeName, frameWeight, deltaVertices); } // Mesh.AddBlendShapeFrame.html
        public void RecalculateNormals() { } // Mesh.RecalculateNormals.html
        public void RecalculateBounds() { } // Mesh.RecalculateBounds.html
    }

    public class Renderer : Component // Renderer.html
    {
        public bool enabled { get; set; } // Renderer-enabled.html
        public Material sharedMaterial { get; set; } // Renderer-sharedMaterial.html
    }

    public partial class SkinnedMeshRenderer : Renderer // SkinnedMeshRenderer.html
    {
        public Mesh sharedMesh { get { return SimMesh; } set { SimSetMesh(value); } } // SkinnedMeshRenderer-sharedMesh.html
        public float GetBlendShapeWeight(int index) { return SimGetWeight(index); } // SkinnedMeshRenderer.GetBlendShapeWeight.html
        public void SetBlendShapeWeight(int index, float value) { SimSetWeight(index, value); } // SkinnedMeshRenderer.SetBlendShapeWeight.html
    }

    public class Material : Object // Material.html
    {
        public Material(Shader shader) { this.shader = shader; } // Material-ctor.html
        public Shader shader { get; set; } // Material-shader.html
        public Color color { get; set; } // Material-color.html
    }

    public class Shader : Object // Shader.html
    {
        internal Shader() { }
        public static Shader Find(string name) { return new Shader { name = name }; } // Shader.Find.html
    }

    public sealed class Camera : Behaviour // Camera.html
    {
        public float fieldOfView { get; set; } // Camera-fieldOfView.html
        public static Camera main { get { return Object.FindObjectsOfType<Camera>().Length > 0 ? Object.FindObjectsOfType<Camera>()[0] : null; } } // Camera-main.html
    }

    public sealed class Light : Behaviour // Light.html
    {
        public LightType type { get; set; } // Light-type.html
    }

    public enum LightType // LightType.html
    {
        Spot, Directional, Point
    }

    internal static class Stub
    {
        internal static System.Exception Called
        {
            get { return new System.NotSupportedException("a stub without behaviour was called; see tests/unity/stubs/README.md"); }
        }
    }

    public struct Keyframe // Keyframe.html
    {
        public Keyframe(float time, float value, float inTangent, float outTangent) : this() { this.time = time; this.value = value; this.inTangent = inTangent; this.outTangent = outTangent; } // Keyframe-ctor.html
        public float time { get; set; } // Keyframe-time.html
        public float value { get; set; } // Keyframe-value.html
        public float inTangent { get; set; } // Keyframe-inTangent.html
        public float outTangent { get; set; } // Keyframe-outTangent.html
    }

    public partial class AnimationCurve // AnimationCurve.html
    {
        public AnimationCurve(params Keyframe[] keys) { this.keys = keys; } // AnimationCurve-ctor.html
        public Keyframe[] keys { get; set; } // AnimationCurve-keys.html
        public int length { get { return keys.Length; } } // AnimationCurve-length.html
        public float Evaluate(float time) { return SimEvaluate(time); } // AnimationCurve.Evaluate.html
    }

    public class Motion : Object // Motion.html
    {
    }

    public sealed partial class AnimationClip : Motion // AnimationClip.html
    {
        public AnimationClip() { } // AnimationClip-ctor.html
        public float frameRate { get; set; } // AnimationClip-frameRate.html
    }
}

namespace UnityEngine.Rendering
{
    public abstract class RenderPipelineAsset : ScriptableObject // Rendering.RenderPipelineAsset.html
    {
        public virtual Shader defaultShader { get { throw Stub.Called; } } // Rendering.RenderPipelineAsset-defaultShader.html
    }

    public sealed partial class GraphicsSettings : Object // Rendering.GraphicsSettings.html
    {
        public static RenderPipelineAsset currentRenderPipeline { get { return SimPipeline; } } // Rendering.GraphicsSettings-currentRenderPipeline.html
    }
}
