// Pages: https://docs.unity3d.com/ScriptReference/
using System;

namespace UnityEngine
{
    public sealed partial class AudioClip : Object // AudioClip.html
    {
        public int samples { get { return SimFrames; } } // AudioClip-samples.html
        public int channels { get { return SimChannels; } } // AudioClip-channels.html
        public int frequency { get { return SimRate; } } // AudioClip-frequency.html
        public float length { get { return (float)SimFrames / SimRate; } } // AudioClip-length.html
        public AudioDataLoadState loadState { get { return SimLoad; } } // AudioClip-loadState.html
        public AudioClipLoadType loadType { get { return SimLoadType; } } // AudioClip-loadType.html
        public bool LoadAudioData() { return SimLoadData(); } // AudioClip.LoadAudioData.html
        public bool GetData(float[] data, int offsetSamples) { return SimGet(data, offsetSamples); } // AudioClip.GetData.html
        public bool SetData(float[] data, int offsetSamples) { return SimSet(data, offsetSamples); } // AudioClip.SetData.html
        public static AudioClip Create(string name, int lengthSamples, int channels, int frequency, bool stream) { return SimCreate(name, lengthSamples, channels, frequency); } // AudioClip.Create.html
    }

    public enum AudioDataLoadState // AudioDataLoadState.html
    {
        Unloaded, Loading, Loaded, Failed
    }

    public enum AudioClipLoadType // AudioClipLoadType.html
    {
        DecompressOnLoad, CompressedInMemory, Streaming
    }

    public sealed partial class AudioSource : Behaviour // AudioSource.html
    {
        public AudioClip clip { get { return SimClip; } set { SimSetClip(value); } } // AudioSource-clip.html
        public bool isPlaying { get { return SimPlaying; } } // AudioSource-isPlaying.html
        public int timeSamples { get { return (int)SimPosition; } set { SimPosition = value; } } // AudioSource-timeSamples.html
        public float pitch { get; set; } // AudioSource-pitch.html
        public float volume { get; set; } // AudioSource-volume.html
        public float spatialBlend { get; set; } // AudioSource-spatialBlend.html
        public bool loop { get; set; } // AudioSource-loop.html
        public bool playOnAwake { get; set; } // AudioSource-playOnAwake.html
        public void Play() { SimPlay(AudioSettings.dspTime); } // AudioSource.Play.html
        public void Pause() { SimPause(true); } // AudioSource.Pause.html
        public void UnPause() { SimPause(false); } // AudioSource.UnPause.html
        public void Stop() { SimStop(); } // AudioSource.Stop.html
    }

    public sealed class AudioListener : Behaviour // AudioListener.html
    {
    }

    public enum AudioSpeakerMode // AudioSpeakerMode.html
    {
        Mono = 1, Stereo = 2, Quad = 3, Surround = 4, Mode5point1 = 5, Mode7point1 = 6, Prologic = 7
    }

    public static partial class AudioSettings // AudioSettings.html
    {
        public delegate void AudioConfigurationChangeHandler(bool deviceWasChanged); // AudioSettings.AudioConfigurationChangeHandler.html
        public static double dspTime { get { return SimDspTime; } } // AudioSettings-dspTime.html
        public static AudioSpeakerMode speakerMode { get { return AudioSpeakerMode.Stereo; } } // AudioSettings-speakerMode.html
        public static int outputSampleRate { get { return SimRate; } } // AudioSettings-outputSampleRate.html
        public static void GetDSPBufferSize(out int bufferLength, out int numBuffers) { bufferLength = SimBlock; numBuffers = 2; } // AudioSettings.GetDSPBufferSize.html
        public static event AudioConfigurationChangeHandler OnAudioConfigurationChanged { add { SimChanged += value; } remove { SimChanged -= value; } } // AudioSettings-OnAudioConfigurationChanged.html
    }
}
