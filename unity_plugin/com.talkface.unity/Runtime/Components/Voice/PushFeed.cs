using System;
using System.Threading;

namespace TalkFace.Unity
{
    /// <summary>
    /// Audio that the game brings, from a text-to-speech engine for instance. It is played by the AudioSource as soon
    /// as its lips are ready, and waits when it comes slower than it is spoken.
    /// Places in the buffer: brought by the game, fed to the stream, allowed to be heard, played.
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

        private readonly PushBuffer buffer;
        private readonly PlayheadClock ear;
        private readonly float[] before;
        private readonly float[] after;
        private double fraction;
        private long fed;
        private long allowed;
        private long origin;
        private long heard;
        private double dryFrom = double.MaxValue;
        private bool speaking;

        /// <param name="stream">at the rate and channels of what is pushed</param>
        /// <param name="gate">told of loud blocks</param>
        /// <param name="buffer">what the game brings; what waits in it is spoken first</param>
        /// <param name="now">time of the device</param>
        public PushFeed(FaceStream stream, SpeechGate gate, PushBuffer buffer, double now) : base(stream, gate)
        {
            this.buffer = buffer;
            fed = buffer.Played;
            allowed = fed;
            ear = new PlayheadClock(Rate);
            before = new float[Channels];
            after = new float[Channels];
            Clock.Start(now);
        }

        public override void Interrupt(int easeMs)
        {
            base.Interrupt(easeMs);
            fed = buffer.Drop();
            Volatile.Write(ref allowed, fed);
            if (speaking)
            {
                Rest(DspTime.Now);
            }
        }

        public override void Filter(float[] data, int channels, int rate, double dspTime)
        {
            long done = buffer.Played;
            ear.Anchor(dspTime, done);
            double step = (double)Rate / rate;
            long until = Volatile.Read(ref allowed);
            for (int i = 0; i + channels <= data.Length; i += channels)
            {
                for (fraction += step; fraction >= 1; fraction -= 1)
                {
                    Array.Copy(after, before, Channels);
                    if (done < until)
                    {
                        buffer.Copy(done++, after, 1);
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
            buffer.Heard(done);
        }

        public override void Tick(double now)
        {
            bool whole = buffer.Ended;
            long done = buffer.Played;
            Lead = Math.Max(Lead, Ahead);
            fed = Math.Max(fed, done);
            if (!speaking && fed < buffer.Brought)
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
            Feed(Target(done - origin, false));
            bool dry = fed == buffer.Brought;
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
            long place = Math.Min(ear.At(now - OutputLatency), buffer.Played) - origin;
            heard = Math.Max(heard, place);
            return heard;
        }

        private void Rest(double now)
        {
            long place = Playhead(now);
            speaking = false;
            Clock.Start(now - OutputLatency, place);
        }

        private void Feed(long until)
        {
            while (Stream.NextSample < until)
            {
                int frames = (int)Math.Min(Math.Min(Chunk, until - Stream.NextSample), buffer.Brought - fed);
                buffer.Copy(fed, Buffer, frames);
                int taken = Push(0, frames);
                fed += taken;
                if (taken == 0)
                {
                    return;
                }
            }
        }
    }
}
