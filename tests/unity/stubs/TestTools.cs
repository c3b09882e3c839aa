// Pages: https://docs.unity3d.com/Packages/com.unity.test-framework@1.1/manual/
using System;

namespace UnityEngine.TestTools
{
    [AttributeUsage(AttributeTargets.Method)]
    public class UnityTestAttribute : Attribute // reference-attribute-unitytest.html
    {
    }
}
