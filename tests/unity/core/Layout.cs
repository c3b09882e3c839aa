using System;
using System.Reflection;
using System.Runtime.InteropServices;
using TalkFace.Native;

namespace TalkFace.Tests
{
    /// <summary>Prints every struct of the native layer, for test_core.py to compare with a C compiler.</summary>
    public static class Layout
    {
        public static void Print()
        {
            foreach (Type type in typeof(NativePose).Assembly.GetTypes())
            {
                if (type.Namespace != "TalkFace.Native" || !type.IsValueType || type.IsNested)
                {
                    continue;
                }
                Console.WriteLine("{0} {1}", type.Name, Marshal.SizeOf(type));
                foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
                {
                    Console.WriteLine("{0}.{1} {2}", type.Name, field.Name, Marshal.OffsetOf(type, field.Name));
                }
            }
        }
    }
}
