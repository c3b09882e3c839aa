namespace TalkFace.Unity
{
    /// <summary>What a voice's stream was made from: when something of it changes, by script or inspector, another is made.</summary>
    internal struct VoiceSettings
    {
        public TalkFaceModelAsset Model;
        public int ModelChanges;
        public TalkFaceCrowd Crowd;
        public int CrowdChanges;
        public VoiceInput Input;
        public bool HoldBackTap;
        public int PushSampleRate;
        public int PushChannels;
        public float PushBufferSeconds;
        public int Seed;
        public int SleepMs;
        public UnityEngine.TextAsset Style;

        public bool HasModelOf(VoiceSettings other)
        {
            return ReferenceEquals(Model, other.Model) && ModelChanges == other.ModelChanges;
        }

        /// <summary>Pushed audio has the same form.</summary>
        public bool PushesAs(VoiceSettings other)
        {
            return Input == other.Input && PushSampleRate == other.PushSampleRate && PushChannels == other.PushChannels
                && PushBufferSeconds == other.PushBufferSeconds;
        }

        public bool Is(VoiceSettings other)
        {
            return HasModelOf(other) && PushesAs(other) && ReferenceEquals(Crowd, other.Crowd)
                && CrowdChanges == other.CrowdChanges && HoldBackTap == other.HoldBackTap && Seed == other.Seed
                && SleepMs == other.SleepMs && ReferenceEquals(Style, other.Style);
        }
    }
}
