using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace TalkFace.Tests
{
    /// <summary>Marks a class whose public static methods are tests.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class TestsAttribute : Attribute
    {
    }

    /// <summary>A test found something wrong.</summary>
    public sealed class Failure : Exception
    {
        public Failure(string message) : base(message)
        {
        }
    }

    /// <summary>What tests say.</summary>
    public static class Check
    {
        public static void True(bool good, string what)
        {
            if (!good)
            {
                throw new Failure(what);
            }
        }

        public static void Equal<T>(T wanted, T got, string what)
        {
            if (!EqualityComparer<T>.Default.Equals(wanted, got))
            {
                throw new Failure(what + ": wanted " + wanted + ", got " + got);
            }
        }

        public static void Near(double wanted, double got, double most, string what)
        {
            if (!(Math.Abs(wanted - got) <= most))
            {
                throw new Failure(string.Format(
                    CultureInfo.InvariantCulture, "{0}: wanted {1:R} within {2:R}, got {3:R}", what, wanted, most, got));
            }
        }

        /// <summary>The call must throw that exception, and its message hold the text.</summary>
        public static T Throws<T>(Action call, string text) where T : Exception
        {
            try
            {
                call();
            }
            catch (T error)
            {
                True(error.Message.Contains(text), "the message lacks '" + text + "': " + error.Message);
                return error;
            }
            throw new Failure("nothing was thrown; wanted " + typeof(T).Name + " with '" + text + "'");
        }
    }

    /// <summary>
    /// Runs the tests whose names hold the given text (all without one), prints each and a summary; exit status 1
    /// when one fails or none was found. "poses" and "layout" write what test_core.py compares instead.
    /// </summary>
    public static class Runner
    {
        public static int Main(string[] arguments)
        {
            if (arguments.Length > 0 && arguments[0] == "poses")
            {
                PoseWriter.Write(arguments);
                return 0;
            }
            if (arguments.Length > 0 && arguments[0] == "layout")
            {
                Layout.Print();
                return 0;
            }
            string wanted = arguments.Length > 0 ? arguments[0] : string.Empty;
            int passed = 0;
            int failed = 0;
            foreach (Type type in typeof(Runner).Assembly.GetTypes())
            {
                if (type.GetCustomAttributes(typeof(TestsAttribute), false).Length == 0)
                {
                    continue;
                }
                foreach (MethodInfo test in type.GetMethods(
                    BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                {
                    string name = type.Name + "." + test.Name;
                    if (name.Contains(wanted))
                    {
                        bool good = Run(name, test);
                        passed += good ? 1 : 0;
                        failed += good ? 0 : 1;
                    }
                }
            }
            Console.WriteLine("{0} passed, {1} failed", passed, failed);
            return failed == 0 && passed > 0 ? 0 : 1;
        }

        private static bool Run(string name, MethodInfo test)
        {
            Stopwatch watch = Stopwatch.StartNew();
            try
            {
                test.Invoke(null, null);
                Console.WriteLine("ok   {0} ({1} ms)", name, watch.ElapsedMilliseconds);
                return true;
            }
            catch (TargetInvocationException error)
            {
                Exception inner = error.InnerException;
                Console.WriteLine("FAIL {0}: {1}", name, inner is Failure ? inner.Message : inner.ToString());
                return false;
            }
        }
    }
}
