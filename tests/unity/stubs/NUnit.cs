// Pages: https://docs.nunit.org/articles/nunit/writing-tests/
using System;
using System.Collections;

namespace NUnit.Framework
{
    [AttributeUsage(AttributeTargets.Method)]
    public class TestAttribute : Attribute // attributes/test.html
    {
    }

    [AttributeUsage(AttributeTargets.Method)]
    public class SetUpAttribute : Attribute // attributes/setup.html
    {
    }

    [AttributeUsage(AttributeTargets.Method)]
    public class TearDownAttribute : Attribute // attributes/teardown.html
    {
    }

    public delegate void TestDelegate(); // assertions/classic-assertions/Assert.Throws.html

    public class AssertionException : Exception // assertions/classic-assertions/Assert.Fail.html
    {
        public AssertionException(string message) : base(message) { } // assertions/classic-assertions/Assert.Fail.html
    }

    public abstract partial class Assert // assertions/assertions.html
    {
        public static void AreEqual(object expected, object actual, string message = null) { SimEqual(expected, actual, message); } // assertions/classic-assertions/Assert.AreEqual.html
        public static void AreEqual(double expected, double actual, double delta, string message = null) { SimNear(expected, actual, delta, message); } // assertions/classic-assertions/Assert.AreEqual.html
        public static void AreSame(object expected, object actual) { SimTrue(ReferenceEquals(expected, actual), "not the same"); } // assertions/classic-assertions/Assert.AreSame.html
        public static void IsTrue(bool condition, string message = null) { SimTrue(condition, message); } // assertions/classic-assertions/Assert.True.html
        public static void IsFalse(bool condition, string message = null) { SimTrue(!condition, message); } // assertions/classic-assertions/Assert.False.html
        public static void IsNull(object anObject) { SimTrue(anObject == null, "not null"); } // assertions/classic-assertions/Assert.Null.html
        public static void IsNotNull(object anObject) { SimTrue(anObject != null, "null"); } // assertions/classic-assertions/Assert.NotNull.html
        public static void Greater(double arg1, double arg2, string message = null) { SimTrue(arg1 > arg2, arg1 + " is not above " + arg2 + " " + message); } // assertions/classic-assertions/Assert.Greater.html
        public static void Less(double arg1, double arg2, string message = null) { SimTrue(arg1 < arg2, arg1 + " is not below " + arg2 + " " + message); } // assertions/classic-assertions/Assert.Less.html
        public static void Fail(string message) { throw new AssertionException(message); } // assertions/classic-assertions/Assert.Fail.html
        public static T Throws<T>(TestDelegate code) where T : Exception { return SimThrows<T>(code); } // assertions/classic-assertions/Assert.Throws.html
    }

}
