namespace TalkFace.Unity
{
    /// <summary>
    /// Something beside blendshapes that can show a face by named values: a VRM expression component, bones, a shader.
    /// Put a component with this interface on or below the driver's object. Apply is called in LateUpdate
    /// for each name that is driven, when its value has changed; it must not allocate.
    /// </summary>
    public interface IFaceTarget
    {
        /// <summary>Names in any known spelling: ARKit's, Oculus visemes, VRM presets.</summary>
        string[] FaceNames { get; }

        /// <param name="index">place in FaceNames</param>
        /// <param name="value">0 to 1</param>
        void Apply(int index, float value);
    }

    /// <summary>
    /// A target that shows the whole face: the driver leaves the blendshapes of renderers to it, unless renderers are given.
    /// </summary>
    public interface IWholeFaceTarget : IFaceTarget
    {
    }
}
