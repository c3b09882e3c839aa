using System;
using System.Collections.Generic;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>
    /// Every native object of the components is made and closed here, so that nothing outlives the scene, play mode
    /// or a reload of scripts. Main thread.
    /// </summary>
    public static class TalkFaceRuntime
    {
        private static readonly List<IDisposable> Alive = new List<IDisposable>();

        /// <summary>Models that are being opened, those that nobody wants any more among them.</summary>
        private static readonly List<TalkFaceModelLoad> Loads = new List<TalkFaceModelLoad>();

        /// <summary>Models, streams and crowds that the components hold now, and models that are being opened.</summary>
        public static int NativeObjects
        {
            get
            {
                Loads.RemoveAll(load => load.IsThrough);
                return Alive.Count + Loads.Count;
            }
        }

        /// <summary>Closes whatever is still open, and waits for models that are being opened, since no thread may be inside
        /// the library when scripts are reloaded. Components that go on make theirs anew.</summary>
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        public static void Shutdown()
        {
            foreach (TalkFaceModelLoad load in Loads.ToArray())
            {
                load.Close();
                load.Join();
            }
            for (int i = Alive.Count - 1; i >= 0; i--)
            {
                Alive[i].Dispose();
            }
            Alive.Clear();
            DspTime.Forget();
            Application.quitting -= Shutdown;
            Application.quitting += Shutdown;
        }

        internal static void Begin(TalkFaceModelLoad load)
        {
            Loads.RemoveAll(one => one.IsThrough);
            Loads.Add(load);
        }

        internal static FaceStream NewStream(FaceModel model, FaceStreamOptions options)
        {
            return Keep(new FaceStream(model, options));
        }

        internal static FaceCrowd NewCrowd(FaceModel model, FaceCrowdOptions options)
        {
            return Keep(new FaceCrowd(model, options));
        }

        internal static FaceStream Join(FaceCrowd crowd, FaceStreamOptions options)
        {
            return Keep(crowd.Join(options));
        }

        internal static T Keep<T>(T item) where T : IDisposable
        {
            Alive.Add(item);
            return item;
        }

        internal static void Close(IDisposable item)
        {
            if (item != null)
            {
                item.Dispose();
                Alive.Remove(item);
            }
        }
    }

    /// <summary>
    /// The audio device's time, made smooth: AudioSettings.dspTime moves a whole block at a time (21 ms for 1024 at
    /// 48 kHz), frames come in between. Always within the block that dspTime names; stands when dspTime stands.
    /// </summary>
    internal static class DspTime
    {
        private static int frame = -1;
        private static double now;

        public static double Now
        {
            get
            {
                if (Time.frameCount != frame)
                {
                    frame = Time.frameCount;
                    double device = AudioSettings.dspTime;
                    double guess = now + Time.unscaledDeltaTime;
                    now = Math.Max(device, Math.Min(guess, device + Block));
                }
                return now;
            }
        }

        /// <summary>Seconds of one block of the mixer.</summary>
        public static double Block
        {
            get
            {
                int length;
                int count;
                AudioSettings.GetDSPBufferSize(out length, out count);
                return (double)length / AudioSettings.outputSampleRate;
            }
        }

        /// <summary>Seconds from mixing to hearing: the blocks that wait behind the one being mixed.</summary>
        public static double OutputLatency
        {
            get
            {
                int length;
                int count;
                AudioSettings.GetDSPBufferSize(out length, out count);
                return (double)length * (count - 1) / AudioSettings.outputSampleRate;
            }
        }

        /// <summary>Channels of OnAudioFilterRead.</summary>
        public static int SpeakerChannels
        {
            get
            {
                switch (AudioSettings.speakerMode)
                {
                    case AudioSpeakerMode.Mono: return 1;
                    case AudioSpeakerMode.Quad: return 4;
                    case AudioSpeakerMode.Surround: return 5;
                    case AudioSpeakerMode.Mode5point1: return 6;
                    case AudioSpeakerMode.Mode7point1: return 8;
                    default: return 2;
                }
            }
        }

        public static void Forget()
        {
            frame = -1;
            now = 0;
        }
    }
}
