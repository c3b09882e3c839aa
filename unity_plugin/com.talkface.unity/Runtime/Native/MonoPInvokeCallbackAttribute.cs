using System;

namespace TalkFace.Native
{
    /// <summary>
    /// Tells IL2CPP, which looks for an attribute of this name in any namespace, that native code calls a method.
    /// </summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class MonoPInvokeCallbackAttribute : Attribute
    {
        public MonoPInvokeCallbackAttribute(Type type)
        {
            DelegateType = type;
        }

        public Type DelegateType { get; private set; }
    }
}
