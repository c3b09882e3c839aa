using System;
using System.Threading;

namespace TalkFace.Unity
{
    /// <summary>
    /// Audio that the game brings, kept until it is heard. It outlives the stream that it is fed to: what is brought while
    /// a model is opened, or waits when a stream is made anew, is spoken then. Places count frames since the first.
    /// One thread brings, the main thread looks ahead, the audio thread takes. No lock.
    /// </summary>
    internal sealed class PushBuffer
    {
        private const int Chunk = 512;
        private readonly float[] values;
        private readonly float[] pcm;
        private readonly int capacity;
        private long brought;
        private long played;
        private long dropTo;
        private int ended;

        /// <param name="rate">of what is brought, Hz</param>
        /// <param name="channels">interleaved</param>
        /// <param name="seconds">audio that waits to be heard at most</param>
        public PushBuffer(int rate, int channels, float seconds)
        {
            Rate = rate;
            Channels = channels;
            capacity = Math.Max(Chunk, (int)(seconds * rate));
            values = new float[capacity * channels];
            pcm = new float[Chunk * channels];
        }

        public int Rate { get; private set; }

        public int Channels { get; private set; }

        /// <summary>Place behind the newest frame.</summary>
        public long Brought
        {
            get { return Volatile.Read(ref brought); }
        }

        /// <summary>Place of the next frame to be heard.</summary>
        public long Played
        {
            get { return Math.Max(Volatile.Read(ref played), Volatile.Read(ref dropTo)); }
        }

        /// <summary>What was brought so far is a whole utterance.</summary>
        public bool Ended
        {
            get { return Volatile.Read(ref ended) != 0; }
        }

        /// <summary>Seconds that wait to be heard.</summary>
        public double Waiting
        {
            get { return (double)(Brought - Volatile.Read(ref played)) / Rate; }
        }

        /// <summary>Any one thread: frames of interleaved audio; returns how many there was room for.</summary>
        public int Bring(float[] samples, int offset, int frames)
        {
            long first = brought;
            int room = (int)Math.Min(frames, capacity - (first - Volatile.Read(ref played)));
            if (room > 0)
            {
                Volatile.Write(ref ended, 0);
                int at = (int)(first % capacity);
                int straight = Math.Min(room, capacity - at);
                Array.Copy(samples, offset, values, at * Channels, straight * Channels);
                Array.Copy(samples, offset + (straight * Channels), values, 0, (room - straight) * Channels);
                Volatile.Write(ref brought, first + room);
            }
            return room;
        }

        /// <summary>As Bring, little-endian 16-bit PCM.</summary>
        public int BringPcm16(byte[] bytes, int offset, int frames)
        {
            int done = 0;
            while (done < frames)
            {
                int count = Math.Min(Chunk, frames - done);
                for (int i = 0; i < count * Channels; i++)
                {
                    int at = offset + (((done * Channels) + i) * 2);
                    pcm[i] = (short)(bytes[at] | (bytes[at + 1] << 8)) / 32768f;
                }
                int taken = Bring(pcm, 0, count);
                done += taken;
                if (taken < count)
                {
                    break;
                }
            }
            return done;
        }

        /// <summary>The same thread as Bring.</summary>
        public void End()
        {
            Volatile.Write(ref ended, 1);
        }

        /// <summary>Main thread: whatever was brought until now is not heard. Returns the place behind it.</summary>
        public long Drop()
        {
            long all = Brought;
            Volatile.Write(ref dropTo, all);
            return all;
        }

        /// <summary>Main thread: frames from a place between Played and Brought.</summary>
        public void Copy(long from, float[] into, int frames)
        {
            int at = (int)(from % capacity);
            int straight = Math.Min(frames, capacity - at);
            Array.Copy(values, at * Channels, into, 0, straight * Channels);
            Array.Copy(values, 0, into, straight * Channels, (frames - straight) * Channels);
        }

        /// <summary>Audio thread: all before a place was heard, and its room may be used again.</summary>
        public void Heard(long place)
        {
            Volatile.Write(ref played, place);
        }
    }
}
