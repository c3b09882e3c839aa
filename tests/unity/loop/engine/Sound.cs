using System;
using System.Collections.Generic;
using UnityEngine;

namespace Simulation
{
    /// <summary>The mixer: blocks of <see cref="Block"/> frames; dspTime moves a block at a time, as
    /// AudioSettings.dspTime does.</summary>
    public static class Sound
    {
        public const int Block = 1024;
        public const int Channels = 2;
        public static int Rate = 48000;
        public static long Frames;

        /// <summary>What the last block sounded like, all sources together.</summary>
        public static readonly float[] Mixed = new float[Block * Channels];

        internal static readonly List<AudioSource> Sources = new List<AudioSource>();
        private static readonly float[] s_Data = new float[Block * Channels];
        private static double s_Owed;

        /// <summary>The user takes another device: sources stop, and those who listen are told.</summary>
        public static void Change(int rate)
        {
            Frames = (long)(Frames / (double)Rate * rate);
            for (var i = 0; i < Sources.Count; i++)
                Sources[i].Stop();
            AudioSettings.SimConfigure(rate);
        }

        /// <summary>As many blocks as fall into so many seconds.</summary>
        public static void Advance(double seconds)
        {
            for (s_Owed += seconds * Rate; s_Owed >= Block; s_Owed -= Block)
                NextBlock();
        }

        /// <summary>One callback of the audio thread.</summary>
        public static void NextBlock()
        {
            Array.Clear(Mixed, 0, Mixed.Length);
            for (var i = 0; i < Sources.Count; i++)
            {
                if (!Sources[i].SimRender(s_Data, Frames))
                    continue;
                for (var j = 0; j < Mixed.Length; j++)
                    Mixed[j] += s_Data[j];
            }
            Frames += Block;
        }
    }
}

namespace UnityEngine
{
    public sealed partial class AudioClip
    {
        internal int SimFrames, SimChannels, SimRate;
        internal AudioDataLoadState SimLoad = AudioDataLoadState.Loaded;
        internal AudioClipLoadType SimLoadType = AudioClipLoadType.DecompressOnLoad;
        internal float[] SimData;

        private static AudioClip SimCreate(string name, int frames, int channels, int rate)
        {
            return new AudioClip { name = name, SimFrames = frames, SimChannels = channels, SimRate = rate, SimData = new float[frames * channels] };
        }

        private bool SimLoadData()
        {
            SimLoad = AudioDataLoadState.Loaded;
            return true;
        }

        private bool SimGet(float[] data, int offset)
        {
            if (SimLoadType != AudioClipLoadType.DecompressOnLoad || SimLoad != AudioDataLoadState.Loaded)
                return false;
            for (var i = 0; i < data.Length; i++)
                data[i] = SimData[(offset * SimChannels + i) % SimData.Length];
            return true;
        }

        private bool SimSet(float[] data, int offset)
        {
            Array.Copy(data, 0, SimData, offset * SimChannels, data.Length);
            return true;
        }
    }

    public sealed partial class AudioSource
    {
        internal double SimPosition;
        private AudioClip SimClip;
        private bool SimPlaying, m_Paused;
        private double m_Start;

        public AudioSource()
        {
            pitch = 1;
            volume = 1;
            playOnAwake = true;
        }

        private void SimSetClip(AudioClip value)
        {
            SimStop();
            SimClip = value;
        }

        private void SimPlay(double time)
        {
            SimPosition = 0;
            m_Start = time;
            m_Paused = false;
            SimPlaying = true;
        }

        private void SimPause(bool pause)
        {
            if (pause && SimPlaying)
                m_Paused = true;
            if (pause || m_Paused)
                SimPlaying = !pause;
            if (!pause)
                m_Paused = false;
        }

        private void SimStop()
        {
            SimPlaying = m_Paused = false;
            SimPosition = 0;
        }

        internal bool SimRender(float[] data, long now)
        {
            if (!SimPlaying || !SimActive)
                return false;
            Array.Clear(data, 0, data.Length);
            SimRead(data, now);
            var parts = SimOwner.SimComponents;
            for (var i = 0; i < parts.Count; i++)
            {
                var script = parts[i] as MonoBehaviour;
                if (!ReferenceEquals(script, null) && script.SimFilter != null && script.SimLive)
                    script.SimFilter(data, Simulation.Sound.Channels);
            }
            return true;
        }

        private void SimRead(float[] data, long now)
        {
            var channels = Simulation.Sound.Channels;
            var clip = SimClip;
            if (clip == null)
                return;
            for (var i = 0; i < Simulation.Sound.Block; i++)
            {
                if ((now + i) / (double)Simulation.Sound.Rate < m_Start - 1e-9)
                    continue;
                if (SimPosition >= clip.SimFrames)
                {
                    if (!loop)
                    {
                        SimStop();
                        return;
                    }
                    SimPosition -= clip.SimFrames;
                }
                for (var c = 0; c < channels; c++)
                    data[i * channels + c] = volume * clip.SimData[(int)SimPosition * clip.SimChannels + c % clip.SimChannels];
                SimPosition += pitch * clip.SimRate / (double)Simulation.Sound.Rate;
            }
        }
    }

    public static partial class AudioSettings
    {
        private static AudioConfigurationChangeHandler SimChanged;

        internal static double SimDspTime
        {
            get { return Simulation.Sound.Frames / (double)Simulation.Sound.Rate; }
        }

        internal static int SimRate
        {
            get { return Simulation.Sound.Rate; }
        }

        internal static int SimBlock
        {
            get { return Simulation.Sound.Block; }
        }

        internal static void SimConfigure(int rate)
        {
            Simulation.Sound.Rate = rate;
            if (SimChanged != null)
                SimChanged(true);
        }
    }
}
