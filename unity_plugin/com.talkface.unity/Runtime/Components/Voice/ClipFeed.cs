using System;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>
    /// The AudioSource's own clip, read ahead by AudioClip.GetData; follows whoever plays, pauses, seeks, loops or
    /// pitches it. Time scale does not change Unity's audio, so it does not change the lips.
    /// </summary>
    internal sealed class ClipFeed : VoiceFeed
    {
        private readonly AudioSource audio;
        private AudioClip clip;
        private State state = State.Idle;
        private long start;
        private long next;
        private bool flushed;

        public ClipFeed(FaceStream stream, SpeechGate gate, AudioSource audio) : base(stream, gate)
        {
            this.audio = audio;
            Clock.Start(AudioSettings.dspTime);
        }

        private enum State
        {
            /// <summary>No clip plays; silence on the device's clock.</summary>
            Idle,

            /// <summary>Play was called; no sample has been mixed yet.</summary>
            Waiting,

            Playing,
            Paused,
        }

        /// <summary>Options for a clip's audio; for no clip the mixer's rate, to be idle at.</summary>
        /// <exception cref="NotSupportedException">the clip cannot be read; the message says what to change</exception>
        public static void Fit(FaceStreamOptions options, AudioClip clip, int mixerRate)
        {
            if (clip != null && clip.loadType != AudioClipLoadType.DecompressOnLoad)
            {
                throw new NotSupportedException(
                    "the clip " + clip.name + " cannot be read: set its Load Type to Decompress On Load, "
                    + "or the source's Input to Tap");
            }
            options.SampleRate = clip == null ? mixerRate : clip.frequency;
            options.Channels = clip == null ? 1 : clip.channels;
        }

        /// <summary>A stream made with these options can speak the clip, unless the clip cannot be read.</summary>
        public static bool Fits(FaceStreamOptions options, AudioClip clip)
        {
            return clip.loadType == AudioClipLoadType.DecompressOnLoad
                && options.SampleRate == clip.frequency && options.Channels == clip.channels;
        }

        public override void Tick(double now)
        {
            Follow(now);
            Clock.OutputLatency = OutputLatency;
            long playhead = Math.Max(0, Clock.At(now));
            if (state == State.Idle)
            {
                PushClip(Target(playhead, false));
                PushSilence(playhead + LatencyFrames);
            }
            else
            {
                PushClip(Target(playhead, state == State.Waiting));
            }
        }

        public override long Playhead(double now)
        {
            return Clock.At(now);
        }

        public override void Interrupt(int easeMs)
        {
            base.Interrupt(easeMs);
            audio.Stop();
            Rest();
            clip = null;
        }

        private void Follow(double now)
        {
            bool plays = audio.isPlaying && audio.clip != null;
            long place = audio.timeSamples;
            if (!plays)
            {
                Halt(now, place);
                return;
            }
            if (audio.clip != clip || state == State.Idle)
            {
                clip = audio.clip;
                Begin(place);
                return;
            }
            if (state == State.Paused)
            {
                state = State.Playing;
                Clock.Resume(AudioSettings.dspTime);
            }
            if (state == State.Waiting)
            {
                if (place > 0)
                {
                    state = State.Playing;
                    Clock.Start(AudioSettings.dspTime, place - start);
                }
                return;
            }
            Clock.SetSpeed(now, Math.Max(0, audio.pitch));
            double off = Off(now, place);
            if (Math.Abs(off) > Tolerance())
            {
                Begin(place);
            }
            else
            {
                Nudge(now, off);
            }
        }

        /// <summary>The source is silent: it ended, was paused or was stopped.</summary>
        private void Halt(double now, long place)
        {
            if (state == State.Idle || state == State.Paused)
            {
                if (state == State.Paused && place == 0)
                {
                    Stop();
                }
                return;
            }
            bool ended = state == State.Playing && clip != null && Clock.At(now + OutputLatency) + start >= clip.samples - Tolerance();
            if (ended)
            {
                Clock.SetSpeed(now, 1);
                state = State.Idle;
            }
            else if (place == 0)
            {
                Stop();
            }
            else
            {
                double device = AudioSettings.dspTime;
                double exact = Clock.At(now + OutputLatency) - Off(now, place);
                state = State.Paused;
                Clock.Pause(device);
                Clock.Seek(device, exact);
            }
        }

        private void Stop()
        {
            Stream.Interrupt(120);
            Rest();
        }

        /// <summary>Silence from here on, on the clock as it runs.</summary>
        private void Rest()
        {
            double device = AudioSettings.dspTime;
            Clock.SetSpeed(device, 1);
            Clock.Resume(device);
            state = State.Idle;
            flushed = true;
            next = clip == null ? 0 : clip.samples;
        }

        private void Begin(long place)
        {
            Restart();
            start = Math.Max(0, place - (long)(WarmUp * Rate));
            next = start;
            flushed = false;
            double device = AudioSettings.dspTime;
            Clock.SetSpeed(device, Math.Max(0, audio.pitch));
            Clock.Start(device, place - start);
            state = place > 0 ? State.Playing : State.Waiting;
            if (state == State.Waiting)
            {
                Clock.Pause(device);
            }
            PushClip(Target(place - start, true));
        }

        /// <summary>The source stands at the start of a block, the clock somewhere in it. Outside, it comes nearer by a
        /// tenth of the way each frame: a change of pitch takes effect at a block, and devices drift.</summary>
        private void Nudge(double now, double off)
        {
            double block = DspTime.Block * Rate * Math.Max(0, audio.pitch);
            double excess = off < 0 ? off : Math.Max(0, off - block);
            if (Math.Abs(excess) > block / 8)
            {
                Clock.Seek(now, Clock.At(now + OutputLatency) - (excess / 10));
            }
        }

        /// <summary>Frames by which the clock is ahead of the source.</summary>
        private double Off(double now, long place)
        {
            double off = Clock.At(now + OutputLatency) + start - Rounds(now) - place;
            if (!audio.loop)
            {
                return off;
            }
            double half = clip.samples / 2.0;
            return off > half ? off - clip.samples : off < -half ? off + clip.samples : off;
        }

        /// <summary>Frames of the rounds of a loop that are behind the playhead.</summary>
        private long Rounds(double now)
        {
            long total = Clock.At(now + OutputLatency) + start;
            return clip == null || total < 0 ? 0 : total / clip.samples * clip.samples;
        }

        private double Tolerance()
        {
            return ((3 * DspTime.Block) + 0.05) * Rate * Math.Max(1, audio.pitch);
        }

        private void PushClip(long target)
        {
            while (clip != null && Stream.NextSample < target)
            {
                if (next >= clip.samples)
                {
                    if (!audio.loop || state == State.Idle)
                    {
                        flushed = flushed || Stream.Flush();
                        PushSilence(target);
                        return;
                    }
                    next = 0;
                }
                int frames = (int)Math.Min(Math.Min(Chunk, clip.samples - next), target - Stream.NextSample);
                if (!clip.GetData(Buffer, (int)next))
                {
                    return;
                }
                int taken = Push(0, frames);
                next += taken;
                if (taken < frames)
                {
                    return;
                }
            }
        }
    }
}
