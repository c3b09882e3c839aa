using System;
using System.Threading;

namespace TalkFace
{
    /// <summary>
    /// Floats from one producing thread (OnAudioFilterRead) to one consuming thread, without a lock or an
    /// allocation. Counts are values, not frames; what does not fit is refused and counted.
    /// </summary>
    public sealed class AudioRing
    {
        private readonly float[] values;
        private readonly int mask;
        private int head;
        private int tail;
        private long refused;
        private int clearing;

        /// <param name="capacity">values to hold at least, 1 to 2^28; rounded up to a power of two</param>
        public AudioRing(int capacity)
        {
            if (capacity < 1 || capacity > 1 << 28)
            {
                throw new ArgumentOutOfRangeException("capacity", capacity, "a ring holds 1 to 2^28 values");
            }
            int size = 1;
            while (size < capacity)
            {
                size <<= 1;
            }
            values = new float[size];
            mask = size - 1;
        }

        public int Capacity
        {
            get { return values.Length; }
        }

        /// <summary>Values that Read could take now; any thread.</summary>
        public int Count
        {
            get
            {
                int taken = Volatile.Read(ref tail);
                return Math.Min(unchecked(Volatile.Read(ref head) - taken), values.Length);
            }
        }

        /// <summary>Values that Write had to refuse since creation; any thread.</summary>
        public long Refused
        {
            get { return Interlocked.Read(ref refused); }
        }

        /// <summary>Producer: takes as many values as fit, returns how many. Whole frames go in by a multiple of step.</summary>
        public int Write(float[] from, int offset, int count, int step = 1)
        {
            CheckRange(from, offset, count);
            int at = head;
            int free = values.Length - unchecked(at - Volatile.Read(ref tail));
            int take = Math.Min(count, free);
            take -= take % Math.Max(1, step);
            int first = Math.Min(take, values.Length - (at & mask));
            Array.Copy(from, offset, values, at & mask, first);
            Array.Copy(from, offset + first, values, 0, take - first);
            Volatile.Write(ref head, unchecked(at + take));
            if (take < count)
            {
                Interlocked.Add(ref refused, count - take);
            }
            return take;
        }

        /// <summary>Consumer: gives at most count values, returns how many.</summary>
        public int Read(float[] into, int offset, int count)
        {
            CheckRange(into, offset, count);
            int at = tail;
            if (Interlocked.Exchange(ref clearing, 0) != 0)
            {
                at = Volatile.Read(ref head);
            }
            int take = Math.Min(count, unchecked(Volatile.Read(ref head) - at));
            int first = Math.Min(take, values.Length - (at & mask));
            Array.Copy(values, at & mask, into, offset, first);
            Array.Copy(values, 0, into, offset + first, take - first);
            Volatile.Write(ref tail, unchecked(at + take));
            return take;
        }

        /// <summary>Any thread: the next Read begins after what is written by then.</summary>
        public void RequestClear()
        {
            Volatile.Write(ref clearing, 1);
        }

        private static void CheckRange(float[] array, int offset, int count)
        {
            if (array == null || offset < 0 || count < 0 || (long)offset + count > array.Length)
            {
                throw new ArgumentOutOfRangeException(
                    "count", count + " values from " + offset + " do not fit the array");
            }
        }
    }
}
