using System;

namespace TalkFace.Unity
{
    /// <summary>
    /// Brings audio to a stream and knows what of it is heard now. While nothing speaks it pushes silence on the
    /// device's clock, so that idle life goes on. Main thread, but for <see cref="Filter"/>.
    /// </summary>
    internal abstract class VoiceFeed
    {
        /// <summary>Frames that are handed over at once.</summary>
        protected const int Chunk = 512;

        /// <summary>Seconds of audio before a place that is jumped to, for the graph's memory.</summary>
        protected const double WarmUp = 0.5;

        /// <summary>Seconds of audio that one frame of the game pushes at most while it catches up.</summary>
        private const double MostAtOnce = 0.2;

        protected readonly float[] Buffer;
        protected readonly PlayheadClock Clock;
        private readonly float[] silence;
        private readonly SpeechGate gate;

        protected VoiceFeed(FaceStream stream, SpeechGate gate)
        {
            Stream = stream;
            this.gate = gate;
            Rate = stream.Options.SampleRate;
            Channels = stream.Options.Channels;
            Buffer = new float[Chunk * Channels];
            silence = new float[Chunk * Channels];
            Clock = new PlayheadClock(Rate);
        }

        /// <summary>Counts jumps: whoever shows the face eases over when it changes.</summary>
        public int Jumps { get; private set; }

        /// <summary>Seconds between sound and its mixing, taken off every playhead.</summary>
        public double OutputLatency { get; set; }

        /// <summary>Seconds of audio that are pushed ahead, beyond the stream's latency, where it is known ahead.</summary>
        public double Lead { get; set; }

        protected FaceStream Stream { get; private set; }

        protected int Rate { get; private set; }

        protected int Channels { get; private set; }

        /// <summary>Frames that a stream must have before it can show one of its samples.</summary>
        protected long LatencyFrames
        {
            get { return (long)Math.Ceiling((Stream.LatencySeconds + 0.02) * Rate); }
        }

        /// <summary>Pushes what is due at a time of the device.</summary>
        public abstract void Tick(double now);

        /// <summary>Stream sample that is heard at a time of the device.</summary>
        public abstract long Playhead(double now);

        /// <summary>Audio thread: interleaved audio of the AudioSource, in place.</summary>
        public virtual void Filter(float[] data, int channels, int rate, double dspTime)
        {
        }

        /// <summary>Drops what has not been heard and eases to neutral.</summary>
        public virtual void Interrupt(int easeMs)
        {
            Stream.Interrupt(easeMs);
        }

        /// <summary>Begins the stream anew: the next sample that is pushed has index 0.</summary>
        protected void Restart()
        {
            Stream.Reset();
            gate.Reset();
            Jumps++;
        }

        /// <summary>Frames of Buffer into the stream; returns how many fitted.</summary>
        protected int Push(int first, int frames)
        {
            long at = Stream.NextSample;
            int taken = Stream.Push(Buffer, first * Channels, frames);
            gate.Pushed(Buffer, first, taken, Channels, at);
            return taken;
        }

        protected void PushSilence(long until)
        {
            long left = Math.Min(until - Stream.NextSample, (long)(MostAtOnce * Rate));
            while (left > 0)
            {
                int taken = Stream.Push(silence, 0, (int)Math.Min(left, Chunk));
                left -= taken;
                if (taken == 0)
                {
                    return;
                }
            }
        }

        /// <summary>How far to push now: up to the lead, but not all of a long way in one frame.</summary>
        protected long Target(long playhead, bool all)
        {
            long target = playhead + LatencyFrames + (long)(Lead * Rate);
            return all ? target : Math.Min(target, Stream.NextSample + (long)(MostAtOnce * Rate));
        }
    }
}
