// Pages: https://docs.unity3d.com/ScriptReference/
using System;

namespace UnityEngine
{
    [AttributeUsage(AttributeTargets.Field)]
    public sealed class SerializeField : Attribute // SerializeField.html
    {
    }

    [AttributeUsage(AttributeTargets.Field)]
    public sealed class HideInInspector : Attribute // HideInInspector.html
    {
    }

    [AttributeUsage(AttributeTargets.Field)]
    public abstract class PropertyAttribute : Attribute // PropertyAttribute.html
    {
    }

    public sealed class RangeAttribute : PropertyAttribute // RangeAttribute.html
    {
        public RangeAttribute(float min, float max) { this.min = min; this.max = max; } // RangeAttribute-ctor.html
        public readonly float min, max; // RangeAttribute-min.html RangeAttribute-max.html
    }

    public sealed class MinAttribute : PropertyAttribute // MinAttribute.html
    {
        public MinAttribute(float min) { this.min = min; } // MinAttribute-ctor.html
        public readonly float min; // MinAttribute-min.html
    }

    public sealed class DelayedAttribute : PropertyAttribute // DelayedAttribute.html
    {
        public DelayedAttribute() { } // DelayedAttribute-ctor.html
    }

    public sealed class TooltipAttribute : PropertyAttribute // TooltipAttribute.html
    {
        public TooltipAttribute(string tooltip) { this.tooltip = tooltip; } // TooltipAttribute-ctor.html
        public readonly string tooltip; // TooltipAttribute-tooltip.html
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class AddComponentMenu : Attribute // AddComponentMenu.html
    {
        public AddComponentMenu(string menuName) { } // AddComponentMenu-ctor.html
    }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public sealed class RequireComponent : Attribute // RequireComponent.html
    {
        public RequireComponent(Type requiredComponent) { m_Type0 = requiredComponent; } // RequireComponent-ctor.html
        public Type m_Type0; // RequireComponent-m_Type0.html
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class DisallowMultipleComponent : Attribute // DisallowMultipleComponent.html
    {
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class DefaultExecutionOrder : Attribute // DefaultExecutionOrder.html
    {
        public DefaultExecutionOrder(int order) { this.order = order; } // DefaultExecutionOrder-ctor.html
        public int order { get; private set; } // DefaultExecutionOrder-order.html
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class PreferBinarySerialization : Attribute // PreferBinarySerialization.html
    {
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class CreateAssetMenuAttribute : Attribute // CreateAssetMenuAttribute.html
    {
        public string menuName { get; set; } // CreateAssetMenuAttribute-menuName.html
        public string fileName { get; set; } // CreateAssetMenuAttribute-fileName.html
        public int order { get; set; } // CreateAssetMenuAttribute-order.html
    }

    public enum RuntimeInitializeLoadType // RuntimeInitializeLoadType.html
    {
        AfterSceneLoad, BeforeSceneLoad, AfterAssembliesLoaded, BeforeSplashScreen, SubsystemRegistration
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class RuntimeInitializeOnLoadMethodAttribute : Attribute // RuntimeInitializeOnLoadMethodAttribute.html
    {
        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType) { this.loadType = loadType; } // RuntimeInitializeOnLoadMethodAttribute-ctor.html
        public RuntimeInitializeLoadType loadType { get; private set; } // RuntimeInitializeOnLoadMethodAttribute-loadType.html
    }
}
