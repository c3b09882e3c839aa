using System;
using System.Threading;

namespace TalkFace.Unity
{
    /// <summary>
    /// Audio that the game brings, from a text-to-speech engine for instance. It is played by the AudioSource as soon
    /// as its lips are ready, and waits when it comes slower than it is spoken. One thread may push, any.
    /// Counts of frames: brought by the game, fed to the stream, allowed to be heard, played.
    /// </summary>
    internal sealed class PushFeed : VoiceFeed
    {
        /// <summary>
        /// What the clip under the pushed audio holds throughout. Unity sets volume, distance and pan before the filters, so
        /// the clip brings these gains; where it is heard without this filter for a block, it is too faint to notice.
        /// </summary>
        public const float Carrier = 1f / 256;

        /// <summary>Seconds without new audio after which an utterance counts as whole.</summary>
        private const double Patience = 0.5;

        /// <summary>Seconds that may be heard before the game's next frame: a hitch as long does not break a word.</summary>
        private const double Ahead = 0.5;

        private readonly AudioRing toFace;
        private readonly AudioRing toEar;
        private readonly PlayheadClock ear;
        private readonly float[] before;
        private readonly float[] after;
        private readonly float[] pcm;
        private readonly float[] dropped;
        private double fraction;
        private long brought;
        private long fed;
        private long allowed;
        private long played;
        private long dropTo;
        private long origin;
        private long heard;
        private double dryFrom = double.MaxValue;
        private int ended;
        private bool speaking;

        /// <param name="stream">at the rate and channels of what is pushed</param>
        /// <param name="gate">told of loud blocks</param>
        /// <param name="bufferSeconds">audio that waits to be heard at most</param>
        /// <param name="now">time of the device</param>
        public PushFeed(FaceStream stream, SpeechGate gate, float bufferSeconds, double now) : base(stream, gate)
        {
            int values = (int)(bufferSeconds * Rate) * Channels;
            toFace = new AudioRing(values);
            toEar = new AudioRing(values);
            ear = new PlayheadClock(Rate);
            before = new float[Channels];
            after = new float[Channels];
            pcm = new float[Chunk * Channels];
            dropped = new float[Chunk * Channels];
            Clock.Start(now);
        }

        /// <summary>Seconds that wait to be heard.</summary>
        public double Waiting
        {
            get { return (double)(Volatile.Read(ref brought) - Volatile.Read(ref played)) / Rate; }
        }

        /// <summary>Any one thread: frames of interleaved audio; returns how many there was room for.</summary>
        public int Bring(float[] samples, int offset, int frames)
        {
            int waits = Math.Max(toFace.Count, toEar.Count);
            int room = Math.Min(frames, (toFace.Capacity - waits) / Channels);
            if (room > 0)
            {
                Volatile.Write(ref ended, 0);
                toEar.Write(samples, offset, room * Channels, Channels);
                toFace.Write(samples, offset, room * Channels, Channels);
                Volatile.Write(ref brought, brought + room);
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

        /// <summary>The same thread as Bring: what was brought is a whole utterance.</summary>
        public void End()
        {
            Volatile.Write(ref ended, 1);
        }

        public override void Interrupt(int easeMs)
        {
            base.Interrupt(easeMs);
            long all = Volatile.Read(ref brought);
            Skip(toFace, all - fed);
            fed = all;
            Volatile.Write(ref allowed, all);
            Volatile.Write(ref dropTo, all);
            if (speaking)
            {
                Rest(DspTime.Now);
            }
        }

        public override void Filter(float[] data, int channels, int rate, double dspTime)
        {
            long done = Drop(played);
            ear.Anchor(dspTime, done);
            double step = (double)Rate / rate;
            long until = Volatile.Read(ref allowed);
            for (int i = 0; i + channels <= data.Length; i += channels)
            {
                for (fraction += step; fraction >= 1; fraction -= 1)
                {
                    Array.Copy(after, before, Channels);
                    if (done < until && toEar.Read(after, 0, Channels) == Channels)
                    {
                        done++;
                    }
                    else
                    {
                        Array.Clear(after, 0, Channels);
                    }
                }
                for (int c = 0; c < channels; c++)
                {
                    int from = Math.Min(c, Channels - 1);
                    data[i + c] *= (before[from] + ((after[from] - before[from]) * (float)fraction)) / Carrier;
                }
            }
            Volatile.Write(ref played, done);
        }

        public override void Tick(double now)
        {
            bool whole = Volatile.Read(ref ended) != 0;
            Lead = Math.Max(Lead, Ahead);
            if (!speaking && toFace.Count > 0)
            {
                Restart();
                origin = fed;
                heard = 0;
                speaking = true;
            }
            if (!speaking)
            {
                PushSilence(Clock.At(now) + LatencyFrames);
                return;
            }
            long done = Volatile.Read(ref played);
            fed += Drain(toFace, Target(done - origin, false));
            bool dry = fed == Volatile.Read(ref brought);
            dryFrom = dry ? Math.Min(dryFrom, now) : double.MaxValue;
            bool all = dry && (whole || now - dryFrom > Patience);
            long ready = all ? fed : fed - LatencyFrames;
            if (ready > allowed)
            {
                Volatile.Write(ref allowed, ready);
            }
            if (!all)
            {
                return;
            }
            if (done < fed)
            {
                PushSilence(Target(done - origin, false));
            }
            else
            {
                Stream.Flush();
                Rest(now);
            }
        }

        public override long Playhead(double now)
        {
            if (!speaking)
            {
                return Clock.At(now - OutputLatency);
            }
            long place = Math.Min(ear.At(now - OutputLatency), Volatile.Read(ref played)) - origin;
            heard = Math.Max(heard, place);
            return heard;
        }

        private void Rest(double now)
        {
            long place = Playhead(now);
            speaking = false;
            Clock.Start(now - OutputLatency, place);
        }

        /// <summary>Audio thread: takes out what an interrupt dropped.</summary>
        private long Drop(long done)
        {
            long until = Volatile.Read(ref dropTo);
            while (done < until)
            {
                int got = toEar.Read(dropped, 0, (int)Math.Min(Chunk, until - done) * Channels) / Channels;
                done += got;
                if (got == 0)
                {
                    break;
                }
            }
            return done;
        }
    }
}
