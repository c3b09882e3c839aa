using System;
using System.Threading;

namespace TalkFace.Tests
{
    [Tests]
    public static class ClockTests
    {
        public static void ItRunsFromItsStartOffset()
        {
            PlayheadClock clock = new PlayheadClock(48000);
            Check.Equal(0L, clock.At(12.5), "before the start it stands at 0");
            clock.Start(10, 4800);
            Check.Equal(4800L, clock.At(10), "at the start");
            Check.Equal(4800L + 24000, clock.At(10.5), "half a second on");
            clock.OutputLatency = 0.1;
            Check.Equal(24000L, clock.At(10.5), "what is heard is older than what is mixed");
        }

        public static void PauseAndResumeLoseNothing()
        {
            PlayheadClock clock = new PlayheadClock(16000);
            clock.Start(0);
            clock.Pause(1);
            Check.True(!clock.IsRunning, "not running");
            Check.Equal(16000L, clock.At(5), "it stands");
            clock.Resume(7);
            Check.Equal(16000L, clock.At(7), "on from there");
            clock.Resume(8);
            Check.Equal(48000L, clock.At(9), "resuming twice changes nothing");
            clock.Stop();
            Check.Equal(0L, clock.At(99), "stopped");
        }

        public static void SeekKeepsWhetherItRuns()
        {
            PlayheadClock clock = new PlayheadClock(16000);
            clock.Start(0);
            clock.Seek(2, 800);
            Check.Equal(16800L, clock.At(3), "running");
            clock.Pause(3);
            clock.Seek(4, 5);
            Check.Equal(5L, clock.At(10), "paused");
        }

        public static void SpeedChangesWithoutAJump()
        {
            PlayheadClock clock = new PlayheadClock(16000);
            clock.Start(0);
            clock.SetSpeed(1, 0.5);
            Check.Equal(16000L, clock.At(1), "no jump");
            Check.Equal(24000L, clock.At(2), "half as fast");
            clock.SetSpeed(2, 0);
            Check.Equal(24000L, clock.At(5), "time scale 0");
            clock.SetSpeed(5, -1);
            Check.Equal(8000L, clock.At(6), "backwards");
            Check.Throws<ArgumentOutOfRangeException>(() => clock.SetSpeed(6, double.NaN), "finite");
            Check.Throws<ArgumentOutOfRangeException>(() => clock.Start(double.NaN), "finite");
            Check.Throws<ArgumentOutOfRangeException>(() => new PlayheadClock(0), "Hz");
        }

        public static void AnchorsFollowTheBlocks()
        {
            PlayheadClock clock = new PlayheadClock(48000);
            clock.Anchor(3, 0);
            clock.Anchor(3 + (1024 / 48000.0), 1024);
            Check.Equal(1500L, clock.At(3 + (1500 / 48000.0)), "inside the second block");
            clock.Anchor(9, 2048);
            Check.Equal(2048L, clock.At(9), "after a pause the next block says where sound is");
        }

        public static void LoopsUnwrap()
        {
            long at = 0;
            foreach (long position in new long[] { 10, 90, 5, 50, 0, 99, 1 })
            {
                long next = PlayheadClock.Unwrap(at, position, 100);
                Check.True(next >= at && next % 100 == position, "from " + at + " to " + position + ": " + next);
                at = next;
            }
            Check.Equal(301L, at, "three rounds");
            Check.Throws<ArgumentOutOfRangeException>(() => PlayheadClock.Unwrap(0, 100, 100), "100");
        }

        public static void ResampledClipsConvert()
        {
            Check.Equal(16000L, PlayheadClock.Convert(44100, 44100, 16000), "a second");
            Check.Equal(48000L * 3600, PlayheadClock.Convert(44100L * 3600, 44100, 48000), "an hour");
            Check.Equal(5333L, PlayheadClock.Convert(16000, 48000, 16000), "rounded");
        }

        public static void ReadersNeverSeeHalfAnAnchor()
        {
            PlayheadClock clock = new PlayheadClock(1000);
            clock.Anchor(0, 0);
            bool done = false;
            Thread writer = new Thread(() =>
            {
                for (int i = 0; i < 400000; i++)
                {
                    clock.Anchor(i, i * 1000L);
                }
                Volatile.Write(ref done, true);
            });
            writer.Start();
            long wrong = 0;
            while (!Volatile.Read(ref done))
            {
                wrong += clock.At(7) == 7000 ? 0 : 1;
            }
            writer.Join();
            Check.Equal(0L, wrong, "reads of mixed anchors");
        }
    }

    [Tests]
    public static class RingTests
    {
        public static void ItGivesWhatItTook()
        {
            AudioRing ring = new AudioRing(6);
            Check.Equal(8, ring.Capacity, "a power of two");
            float[] values = { 1, 2, 3, 4, 5 };
            float[] got = new float[8];
            for (int round = 0; round < 10; round++)
            {
                Check.Equal(5, ring.Write(values, 0, 5), "taken");
                Check.Equal(5, ring.Count, "held");
                Check.Equal(2, ring.Read(got, 1, 2), "given");
                Check.Equal(3, ring.Read(got, 3, 5), "given");
                Check.Equal(1f, got[1], "first");
                Check.Equal(5f, got[5], "last");
            }
            Check.Equal(0, ring.Read(got, 0, 8), "empty");
        }

        public static void OverrunIsCountedInWholeFrames()
        {
            AudioRing ring = new AudioRing(8);
            float[] values = new float[12];
            Check.Equal(8, ring.Write(values, 0, 12, 2), "what fits");
            Check.Equal(4L, ring.Refused, "refused");
            ring.Read(values, 0, 3);
            Check.Equal(2, ring.Write(values, 0, 4, 2), "no half frame");
            Check.Equal(6L, ring.Refused, "refused");
            ring.RequestClear();
            Check.Equal(0, ring.Read(values, 0, 12), "cleared");
            Check.Throws<ArgumentOutOfRangeException>(() => ring.Write(values, 10, 3), "fit");
            Check.Throws<ArgumentOutOfRangeException>(() => ring.Read(null, 0, 1), "fit");
            Check.Throws<ArgumentOutOfRangeException>(() => new AudioRing(0), "ring");
        }

        public static void TwoThreadsLoseAndDoubleNothing()
        {
            const int Total = 500000;
            AudioRing ring = new AudioRing(1000);
            Thread writer = new Thread(() =>
            {
                float[] block = new float[37];
                for (int sent = 0; sent < Total;)
                {
                    int count = Math.Min(block.Length, Total - sent);
                    for (int i = 0; i < count; i++)
                    {
                        block[i] = (sent + i) % 65536;
                    }
                    int taken = ring.Write(block, 0, count);
                    sent += taken;
                    if (taken == 0)
                    {
                        Thread.Yield();
                    }
                }
            });
            writer.Start();
            float[] got = new float[53];
            int at = 0;
            while (at < Total)
            {
                int count = ring.Read(got, 0, got.Length);
                for (int i = 0; i < count; i++, at++)
                {
                    Check.True(got[i] == at % 65536, "value " + at + " is " + got[i]);
                }
                if (count == 0)
                {
                    Thread.Yield();
                }
            }
            writer.Join();
            Check.Equal(0, ring.Count, "nothing is left");
        }
    }
}
