// Pages: https://github.com/vrm-c/UniVRM/blob/master/
// Behaviour stands in tests/unity/loop/vrm (the private parts named Sim...).
using System.Collections.Generic;

namespace VRM
{
    public enum BlendShapePreset // Assets/VRM/Runtime/Format/glTF_VRM_BlendShape.cs
    {
        Unknown, Neutral, A, I, U, E, O, Blink, Joy, Angry, Sorrow, Fun, LookUp, LookDown, LookLeft, LookRight,
        Blink_L, Blink_R
    }

    public readonly partial struct BlendShapeKey // Assets/VRM/Runtime/BlendShape/BlendShapeKey.cs
    {
        public static BlendShapeKey CreateFromClip(BlendShapeClip clip) { return SimKey(clip); } // Assets/VRM/Runtime/BlendShape/BlendShapeKey.cs
    }

    public class BlendShapeClip : UnityEngine.ScriptableObject // Assets/VRM/Runtime/BlendShape/BlendShapeClip.cs
    {
        public string BlendShapeName; // Assets/VRM/Runtime/BlendShape/BlendShapeClip.cs
        public BlendShapePreset Preset; // Assets/VRM/Runtime/BlendShape/BlendShapeClip.cs
    }

    public class BlendShapeAvatar : UnityEngine.ScriptableObject // Assets/VRM/Runtime/BlendShape/BlendShapeAvatar.cs
    {
        public List<BlendShapeClip> Clips = new List<BlendShapeClip>(); // Assets/VRM/Runtime/BlendShape/BlendShapeAvatar.cs
    }

    public partial class VRMBlendShapeProxy : UnityEngine.MonoBehaviour // Assets/VRM/Runtime/BlendShape/VRMBlendShapeProxy.cs
    {
        public BlendShapeAvatar BlendShapeAvatar; // Assets/VRM/Runtime/BlendShape/VRMBlendShapeProxy.cs
        public void AccumulateValue(BlendShapeKey key, float value) { SimAccumulate(key, value); } // docs/vrm0/0_58_blendshape.md
        public void Apply() { SimApply(); } // docs/vrm0/0_58_blendshape.md
    }
}
