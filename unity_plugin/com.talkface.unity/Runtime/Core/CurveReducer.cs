using System;
using System.Collections.Generic;

namespace TalkFace
{
    /// <summary>
    /// Keeps the keys of a sampled curve that straight lines need: between kept keys the line lies within a stated
    /// error of every sample (and of the straight lines between samples). First and last key are always kept.
    /// </summary>
    public static class CurveReducer
    {
        /// <summary>Indices of the keys to keep, rising.</summary>
        /// <param name="times">rising, seconds</param>
        /// <param name="values">one for each time, finite</param>
        /// <param name="maxError">largest difference that the lines may have, 0 or more</param>
        public static int[] Reduce(float[] times, float[] values, float maxError)
        {
            if (times.Length != values.Length)
            {
                throw new ArgumentException("times and values differ in length", "values");
            }
            if (!(maxError >= 0))
            {
                throw new ArgumentOutOfRangeException("maxError", maxError, "the largest error is 0 or more");
            }
            for (int i = 1; i < times.Length; i++)
            {
                if (!(times[i] > times[i - 1]))
                {
                    throw new ArgumentException("times must rise; key " + i + " does not", "times");
                }
            }
            bool[] keep = new bool[times.Length];
            Stack<int> open = new Stack<int>();
            if (times.Length > 0)
            {
                keep[0] = true;
                keep[times.Length - 1] = true;
                open.Push(0);
                open.Push(times.Length - 1);
            }
            while (open.Count > 0)
            {
                int last = open.Pop();
                int first = open.Pop();
                int worst = Worst(times, values, first, last, maxError);
                if (worst >= 0)
                {
                    keep[worst] = true;
                    open.Push(first);
                    open.Push(worst);
                    open.Push(worst);
                    open.Push(last);
                }
            }
            return Indices(keep);
        }

        private static int Worst(float[] times, float[] values, int first, int last, float maxError)
        {
            int worst = -1;
            double most = maxError;
            double span = (double)times[last] - times[first];
            for (int i = first + 1; i < last; i++)
            {
                double share = ((double)times[i] - times[first]) / span;
                double line = values[first] + (((double)values[last] - values[first]) * share);
                double error = Math.Abs(values[i] - line);
                if (!(error <= most))
                {
                    most = error;
                    worst = i;
                }
            }
            return worst;
        }

        private static int[] Indices(bool[] keep)
        {
            List<int> kept = new List<int>();
            for (int i = 0; i < keep.Length; i++)
            {
                if (keep[i])
                {
                    kept.Add(i);
                }
            }
            return kept.ToArray();
        }
    }
}
