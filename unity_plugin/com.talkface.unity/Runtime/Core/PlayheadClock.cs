using System;
using System.Threading;

namespace TalkFace
{
    /// <summary>
    /// Where in a stream the sound is that is heard now: a straight line from the audio device's time
    /// (AudioSettings.dspTime, seconds) to input samples of the stream. One thread writes (Start, Pause, Seek, ...,
    /// or Anchor on the audio thread), any thread reads. Nothing is allocated or locked.
    /// </summary>
    public sealed class PlayheadClock
    {
        private readonly int rate;
        private int version;
        private double anchorDsp;
        private double anchorSample;
        private double speed = 1;
        private bool running;

        /// <param name="sampleRate">of the stream's input, Hz</param>
        public PlayheadClock(int sampleRate)
        {
            if (sampleRate < 1)
            {
                throw new ArgumentOutOfRangeException("sampleRate", sampleRate, "the stream's sample rate in Hz");
            }
            rate = sampleRate;
        }

        public int SampleRate
        {
            get { return rate; }
        }

        /// <summary>Seconds from a block's dspTime to its sound; taken off every playhead.</summary>
        public double OutputLatency { get; set; }

        public bool IsRunning
        {
            get { return running; }
        }

        /// <summary>Stream samples for every sample of the device's time: pitch, or time scale where sound follows it.</summary>
        public double Speed
        {
            get { return speed; }
        }

        /// <summary>Runs from now: at dspTime the stream is at this sample (the start offset of the sound).</summary>
        public void Start(double dspTime, double sample = 0)
        {
            Set(dspTime, sample, speed, true);
        }

        /// <summary>Stands still at the place of dspTime.</summary>
        public void Pause(double dspTime)
        {
            Set(dspTime, Exact(dspTime), speed, false);
        }

        /// <summary>Runs on from where it stands. Nothing changes when it runs already.</summary>
        public void Resume(double dspTime)
        {
            Set(dspTime, Exact(dspTime), speed, true);
        }

        /// <summary>Goes to a sample, running or not.</summary>
        public void Seek(double dspTime, double sample)
        {
            Set(dspTime, sample, speed, running);
        }

        /// <summary>Stands at 0, not running.</summary>
        public void Stop()
        {
            Set(0, 0, speed, false);
        }

        /// <summary>Changes the speed without a jump: AudioSource.pitch; negative plays backwards, 0 stands.</summary>
        public void SetSpeed(double dspTime, double value)
        {
            if (double.IsNaN(value) || double.IsInfinity(value))
            {
                throw new ArgumentOutOfRangeException("value", value, "speed must be a finite number");
            }
            if (value != speed)
            {
                Set(dspTime, Exact(dspTime), value, running);
            }
        }

        /// <summary>
        /// Audio thread, each block of a tapped source: the block that starts at dspTime starts at this stream sample.
        /// Pauses, virtual voices and dropped blocks then need no care: the next block says where sound is.
        /// </summary>
        public void Anchor(double dspTime, long sample)
        {
            Set(dspTime, sample, 1, true);
        }

        /// <summary>Stream sample heard at dspTime, for FaceStream.Sample.</summary>
        public long At(double dspTime)
        {
            return (long)Math.Floor(Exact(dspTime - OutputLatency) + 1e-6);
        }

        /// <summary>
        /// Unwraps a position inside a looping sound (AudioSource.timeSamples) into a sample that only grows: a
        /// position behind the last one counts as another round.
        /// </summary>
        public static long Unwrap(long last, long position, long length)
        {
            if (length < 1 || position < 0 || position >= length)
            {
                throw new ArgumentOutOfRangeException("position", position, "must lie in the sound of " + length);
            }
            long round = last / length;
            return (position < last % length ? (round + 1) * length : round * length) + position;
        }

        /// <summary>A place in a clip of another rate, in stream samples; the inverse has the rates swapped.</summary>
        public static long Convert(long samples, int fromRate, int toRate)
        {
            return (long)Math.Round((double)samples * toRate / fromRate);
        }

        private double Exact(double dspTime)
        {
            while (true)
            {
                int before = Volatile.Read(ref version);
                double dsp = Volatile.Read(ref anchorDsp);
                double sample = Volatile.Read(ref anchorSample);
                double factor = Volatile.Read(ref speed);
                bool runs = Volatile.Read(ref running);
                Thread.MemoryBarrier();
                if ((before & 1) == 0 && before == Volatile.Read(ref version))
                {
                    return runs ? sample + ((dspTime - dsp) * factor * rate) : sample;
                }
            }
        }

        private void Set(double dspTime, double sample, double factor, bool runs)
        {
            if (double.IsNaN(dspTime) || double.IsInfinity(dspTime) || double.IsNaN(sample))
            {
                throw new ArgumentOutOfRangeException("dspTime", dspTime, "times and places must be finite numbers");
            }
            Interlocked.Increment(ref version);
            Volatile.Write(ref anchorDsp, dspTime);
            Volatile.Write(ref anchorSample, sample);
            Volatile.Write(ref speed, factor);
            Volatile.Write(ref running, runs);
            Interlocked.Increment(ref version);
        }
    }
}
