using System.Collections.Generic;

namespace UniVRM10
{
    public readonly partial struct ExpressionKey
    {
        private ExpressionKey(ExpressionPreset preset, string name)
        {
            Preset = preset;
            Name = name;
        }
    }

    public sealed partial class Vrm10RuntimeExpression
    {
        internal readonly Dictionary<string, float> SimWeights = new Dictionary<string, float>();
        internal List<ExpressionKey> SimKeys;

        private void SimSet(ExpressionKey key, float weight)
        {
            if (SimKeys.Contains(key))
                SimWeights[key.Name] = weight;
        }
    }

    public partial class Vrm10Runtime
    {
        internal Vrm10RuntimeExpression SimExpression;
    }

    public partial class VRM10Object
    {
        /// <summary>Of the file.</summary>
        public readonly List<ExpressionKey> SimExpressions = new List<ExpressionKey>();
    }

    [UnityEngine.DefaultExecutionOrder(11000)]
    public partial class Vrm10Instance
    {
        /// <summary>What was applied last, by name, as LateUpdate does it.</summary>
        public readonly Dictionary<string, float> SimShown = new Dictionary<string, float>();
        private Vrm10Runtime m_Runtime;

        /// <summary>The runtime is made for play.</summary>
        private Vrm10Runtime SimRuntime()
        {
            if (!UnityEngine.Application.isPlaying)
                throw new System.InvalidOperationException("a VRM's runtime was asked for in edit mode");
            return m_Runtime = m_Runtime
                ?? new Vrm10Runtime { SimExpression = new Vrm10RuntimeExpression { SimKeys = Vrm.SimExpressions } };
        }

        private void LateUpdate()
        {
            foreach (var weight in SimRuntime().Expression.SimWeights)
                SimShown[weight.Key] = weight.Value;
        }
    }
}
