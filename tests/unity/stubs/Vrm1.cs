// Pages: https://github.com/vrm-c/UniVRM/blob/master/
// Behaviour stands in tests/unity/loop/vrm (the private parts named Sim...).
using System;
using System.Collections.Generic;

namespace UniVRM10
{
    public enum ExpressionPreset // Assets/VRM10/Runtime/Format/Vrm/Format.g.cs
    {
        custom, happy, angry, sad, relaxed, surprised, aa, ih, ou, ee, oh, blink, blinkLeft, blinkRight,
        lookUp, lookDown, lookLeft, lookRight, neutral
    }

    public readonly partial struct ExpressionKey : IEquatable<ExpressionKey> // Assets/VRM10/Runtime/Components/Expression/ExpressionKey.cs
    {
        public readonly ExpressionPreset Preset; // Assets/VRM10/Runtime/Components/Expression/ExpressionKey.cs
        public readonly string Name; // Assets/VRM10/Runtime/Components/Expression/ExpressionKey.cs
        public bool Equals(ExpressionKey other) { return Preset == other.Preset && Name == other.Name; } // Assets/VRM10/Runtime/Components/Expression/ExpressionKey.cs
        public static ExpressionKey CreateCustom(String key) { return new ExpressionKey(ExpressionPreset.custom, key); } // Assets/VRM10/Runtime/Components/Expression/ExpressionKey.cs
        public static ExpressionKey CreateFromPreset(ExpressionPreset preset) { return new ExpressionKey(preset, preset.ToString()); } // docs/vrm1/api_update.md
    }

    public sealed partial class Vrm10RuntimeExpression // Assets/VRM10/Runtime/Components/Vrm10Runtime/Vrm10RuntimeExpression.cs
    {
        public IReadOnlyList<ExpressionKey> ExpressionKeys { get { return SimKeys; } } // Assets/VRM10/Runtime/Components/Vrm10Runtime/Vrm10RuntimeExpression.cs
        public void SetWeight(ExpressionKey expressionKey, float weight) { SimSet(expressionKey, weight); } // docs/vrm1/api_update.md
    }

    public partial class Vrm10Runtime // Assets/VRM10/Runtime/Components/Vrm10Runtime/Vrm10Runtime.cs
    {
        public Vrm10RuntimeExpression Expression { get { return SimExpression; } } // docs/vrm1/api_update.md
    }

    public partial class VRM10Object : UnityEngine.ScriptableObject // Assets/VRM10/Runtime/Components/VRM10Object/VRM10Object.cs
    {
    }

    public partial class Vrm10Instance : UnityEngine.MonoBehaviour // Assets/VRM10/Runtime/Components/Vrm10Instance/Vrm10Instance.cs
    {
        public VRM10Object Vrm; // Assets/VRM10/Runtime/Components/Vrm10Instance/Vrm10Instance.cs
        public Vrm10Runtime Runtime { get { return SimRuntime(); } } // docs/vrm1/api_update.md
    }
}
