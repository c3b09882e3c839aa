using System;
using System.Threading;
using TalkFace.Native;

namespace TalkFace.Unity
{
    /// <summary>
    /// Whatever the AudioSource plays, heard in OnAudioFilterRead. It is known only as it is mixed, so its lips are
    /// late by the stream's latency, unless the sound is held back as long.
    /// </summary>
    internal sealed class TapFeed : VoiceFeed
    {
        private readonly AudioRing ring;
        private readonly float[] held;
        private readonly float[] fitted;
        private readonly long delay;
        private int heldAt;
        private long written;
        private long inserted;
        private long insertedAtAnchor;
        private double quietSince;
        private int pending;
        private int pendingAt;

        /// <param name="stream">at the mixer's rate, with its number of channels</param>
        /// <param name="gate">told of loud blocks</param>
        /// <param name="holdBack">delay the sound by the stream's latency, so that lips and sound are together</param>
        /// <param name="now">time of the device</param>
        public TapFeed(FaceStream stream, SpeechGate gate, bool holdBack, double now) : base(stream, gate)
        {
            delay = LatencyFrames + (long)(0.05 * Rate);
            ring = new AudioRing(Rate * Channels);
            held = holdBack ? new float[delay * NativeLimits.MaxChannels] : null;
            fitted = new float[Chunk * Channels];
            quietSince = now;
            Clock.Start(now);
        }

        /// <summary>Values that came while the game did not fetch any for a second.</summary>
        public long Lost
        {
            get { return ring.Refused; }
        }

        public override void Filter(float[] data, int channels, int rate, double dspTime)
        {
            if (rate != Rate || channels > NativeLimits.MaxChannels)
            {
                return;
            }
            Clock.Anchor(dspTime, written);
            int taken = channels == Channels ? ring.Write(data, 0, data.Length, channels) : WriteFitted(data, channels);
            Volatile.Write(ref written, written + (taken / Channels));
            if (held != null)
            {
                HoldBack(data, (int)delay * channels);
            }
        }

        /// <summary>A device may have other channels than the speaker mode says: missing ones repeat the last.</summary>
        private int WriteFitted(float[] data, int channels)
        {
            int taken = 0;
            int frames = data.Length / channels;
            for (int first = 0; first < frames; first += Chunk)
            {
                int count = Math.Min(Chunk, frames - first);
                for (int i = 0; i < count * Channels; i++)
                {
                    int channel = Math.Min(i % Channels, channels - 1);
                    fitted[i] = data[((first + (i / Channels)) * channels) + channel];
                }
                taken += ring.Write(fitted, 0, count * Channels, Channels);
            }
            return taken;
        }

        public override void Tick(double now)
        {
            if (Drain() > 0)
            {
                quietSince = now;
                insertedAtAnchor = inserted;
            }
            else if (now - quietSince > 0.1)
            {
                long before = Stream.NextSample;
                PushSilence(Playhead(now) + delay);
                inserted += Stream.NextSample - before;
            }
        }

        public override long Playhead(double now)
        {
            double heard = held == null ? 0 : OutputLatency;
            return Clock.At(now - heard) + insertedAtAnchor - delay;
        }

        /// <summary>What the ring has, into the stream; what does not fit comes first next time.</summary>
        private int Drain()
        {
            int done = 0;
            int taken;
            do
            {
                if (pending == 0)
                {
                    pendingAt = 0;
                    pending = ring.Read(Buffer, 0, Chunk * Channels) / Channels;
                }
                taken = Push(pendingAt, pending);
                pending -= taken;
                pendingAt += taken;
                done += taken;
            }
            while (taken > 0);
            return done;
        }

        private void HoldBack(float[] data, int length)
        {
            heldAt = heldAt < length ? heldAt : 0;
            for (int i = 0; i < data.Length; i++)
            {
                float now = data[i];
                data[i] = held[heldAt];
                held[heldAt] = now;
                heldAt = heldAt + 1 == length ? 0 : heldAt + 1;
            }
        }
    }
}
