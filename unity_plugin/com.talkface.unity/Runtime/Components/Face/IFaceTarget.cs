namespace TalkFace.Unity
{
    /// <summary>
    /// Something beside blendshapes that can show a face by named values: a VRM expression component, bones, a shader.
    /// Put a component with this interface on or below the driver's object. Apply is called once a frame for each
    /// name that is driven, in LateUpdate; it must not allocate.
    /// </summary>
    public interface IFaceTarget
    {
        /// <summary>Names in any known spelling: ARKit's, Oculus visemes, VRM presets.</summary>
        string[] FaceNames { get; }

        /// <param name="index">place in FaceNames</param>
        /// <param name="value">0 to 1</param>
        void Apply(int index, float value);
    }
}
