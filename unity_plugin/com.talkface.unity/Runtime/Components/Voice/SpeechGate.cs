using System;

namespace TalkFace.Unity
{
    /// <summary>Which blocks of 20 ms of a stream's audio are loud, remembered until their playhead comes.</summary>
    internal sealed class SpeechGate
    {
        /// <summary>-50 dBFS: above the hiss of a quiet microphone, below soft speech.</summary>
        public const float Threshold = 0.00316f;

        private const int Blocks = 512;
        private readonly long[] block = new long[Blocks];
        private readonly int frames;
        private readonly int sampleRate;
        private long checkedTo;
        private long lastLoud = long.MinValue / 2;

        public SpeechGate(int sampleRate)
        {
            this.sampleRate = sampleRate;
            frames = Math.Max(1, sampleRate / 50);
            Reset();
        }

        /// <summary>Seconds without sound that end speech.</summary>
        public float GapSeconds { get; set; }

        /// <summary>Speech is heard at the last playhead, or was less than the gap ago.</summary>
        public bool Speaking { get; private set; }

        public void Reset()
        {
            Array.Clear(block, 0, Blocks);
            checkedTo = 0;
            lastLoud = long.MinValue / 2;
        }

        /// <summary>Audio that was pushed: count frames, the first of them a stream sample.</summary>
        public void Pushed(float[] samples, int first, int count, int channels, long at)
        {
            for (int i = 0; i < count * channels; i++)
            {
                if (Math.Abs(samples[(first * channels) + i]) > Threshold)
                {
                    long index = (at + (i / channels)) / frames;
                    block[(int)(index % Blocks)] = index + 1;
                }
            }
        }

        /// <summary>Moves on to a playhead; true when speech began or ended.</summary>
        public bool Advance(long playhead)
        {
            long index = Math.Max(0, playhead / frames);
            for (long i = Math.Max(checkedTo, index - Blocks); i <= index; i++)
            {
                if (block[(int)(i % Blocks)] == i + 1)
                {
                    lastLoud = playhead;
                }
            }
            checkedTo = index;
            bool speaking = playhead - lastLoud < (long)(GapSeconds * sampleRate);
            bool changed = speaking != Speaking;
            Speaking = speaking;
            return changed;
        }
    }
}
