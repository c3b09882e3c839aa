using System;

namespace NUnit.Framework
{
    public abstract partial class Assert
    {
        private static void SimTrue(bool holds, string message)
        {
            if (!holds)
                throw new AssertionException(message ?? "does not hold");
        }

        private static void SimEqual(object expected, object actual, string message)
        {
            SimTrue(Equals(expected, actual) || SimSameNumber(expected, actual), "expected " + expected + ", was " + actual + " " + message);
        }

        private static bool SimSameNumber(object a, object b)
        {
            return a is ValueType && b is ValueType && a is IConvertible && b is IConvertible && !(a is Enum) && !(b is Enum)
                && !(a is bool) && !(b is bool) && Convert.ToDouble(a) == Convert.ToDouble(b);
        }

        private static void SimNear(double expected, double actual, double delta, string message)
        {
            SimTrue(Math.Abs(expected - actual) <= delta, "expected " + expected + " within " + delta + ", was " + actual + " " + message);
        }

        private static T SimThrows<T>(TestDelegate code) where T : Exception
        {
            try
            {
                code();
            }
            catch (T caught)
            {
                if (caught.GetType() == typeof(T))
                    return caught;
                throw new AssertionException("threw " + caught.GetType().Name + ", not " + typeof(T).Name);
            }
            throw new AssertionException("did not throw " + typeof(T).Name);
        }
    }
}
