using System;
using TalkFace.Native;
using UnityEngine;
using UnityEngine.Events;

namespace TalkFace.Unity
{
    /// <summary>Where a voice's audio comes from.</summary>
    public enum VoiceInput
    {
        /// <summary>The AudioSource's clip, read ahead: lips and sound are together. Needs Decompress On Load.</summary>
        Clip = 0,

        /// <summary>Whatever the AudioSource plays, heard as it is mixed: microphones, streams, other middleware.</summary>
        Tap = 1,

        /// <summary>What the game pushes, such as a text-to-speech engine's PCM; the AudioSource plays it.</summary>
        Push = 2,
    }

    /// <summary>An emotion's name and strength.</summary>
    [Serializable]
    public sealed class EmotionEvent : UnityEvent<string, float>
    {
    }

    /// <summary>A voice: brings its audio to a stream and gives the pose that belongs to what is heard now.</summary>
    [AddComponentMenu("TalkFace/TalkFace Source")]
    [DefaultExecutionOrder(-100)]
    [RequireComponent(typeof(AudioSource))]
    [DisallowMultipleComponent]
    public sealed partial class TalkFaceSource : MonoBehaviour
    {
        [SerializeField, Tooltip("The crowd's model is used when there is a crowd.")]
        private TalkFaceModelAsset model;

        [SerializeField, Tooltip("Optional: many voices in one tick.")]
        private TalkFaceCrowd crowd;

        [SerializeField]
        private VoiceInput input = VoiceInput.Clip;

        [SerializeField, Tooltip("Tap only: hold the sound back by the latency, so that lips and sound are together.")]
        private bool holdBackTap = true;

        [SerializeField, Tooltip("Push only: of the pushed audio, Hz.")]
        private int pushSampleRate = 24000;

        [SerializeField, Range(1, 8), Tooltip("Push only: interleaved.")]
        private int pushChannels = 1;

        [SerializeField, Range(1, 300), Tooltip("Push only: seconds of audio that may wait.")]
        private float pushBufferSeconds = 30;

        [SerializeField, Range(0, 1), Tooltip("Seconds of audio handed over ahead of need, against uneven frames.")]
        private float leadSeconds = 0.1f;

        [SerializeField, Tooltip("Added to the output latency that Unity's buffers have; positive: lips later.")]
        private float lipOffsetSeconds;

        [SerializeField, Tooltip("Of blinks, gaze and head. 0: one of its own.")]
        private int seed;

        [SerializeField, Tooltip("Milliseconds of silence after which the graph rests, 200 to 600000; 0: never.")]
        private int sleepMs;

        [SerializeField, Tooltip("A style file, or none.")]
        private TextAsset style;

        [SerializeField]
        private TalkFaceKnobs knobs = new TalkFaceKnobs();

        [SerializeField, Tooltip("How far Emotion replaces what is heard.")]
        [Range(0, 1)]
        private float emotionWeight;

        [SerializeField, Tooltip("Shares of neutral, happy, sad, angry, fearful, disgusted, surprised, contempt.")]
        private float[] emotion = new float[FacePose.EmotionCount];

        [SerializeField, Range(0.1f, 5), Tooltip("Seconds without sound that end speech, for the events.")]
        private float speechGapSeconds = 0.6f;

        [SerializeField]
        private UnityEvent onSpeechStarted = new UnityEvent();

        [SerializeField]
        private UnityEvent onSpeechFinished = new UnityEvent();

        [SerializeField]
        private EmotionEvent onEmotionChanged = new EmotionEvent();

        /// <summary>Changes of this and what follows, by script or in the inspector, take effect at once: the voice goes on with
        /// another stream. Pushed audio that waits is kept unless its form changes.</summary>
        public TalkFaceModelAsset Model
        {
            get { return model; }
            set { Change(ref model, value); }
        }

        public TalkFaceCrowd Crowd
        {
            get { return crowd; }
            set { Change(ref crowd, value); }
        }

        public VoiceInput Input
        {
            get { return input; }
            set { Change(ref input, value); }
        }

        public int PushSampleRate
        {
            get { return pushSampleRate; }
            set { Change(ref pushSampleRate, value); }
        }

        public int PushChannels
        {
            get { return pushChannels; }
            set { Change(ref pushChannels, value); }
        }

        /// <summary>Seconds of pushed audio that may wait.</summary>
        public float PushBufferSeconds
        {
            get { return pushBufferSeconds; }
            set { Change(ref pushBufferSeconds, value); }
        }

        public bool HoldBackTap
        {
            get { return holdBackTap; }
            set { Change(ref holdBackTap, value); }
        }

        public int Seed
        {
            get { return seed; }
            set { Change(ref seed, value); }
        }

        public int SleepMs
        {
            get { return sleepMs; }
            set { Change(ref sleepMs, value); }
        }

        public TextAsset Style
        {
            get { return style; }
            set { Change(ref style, value); }
        }

        public float LipOffsetSeconds
        {
            get { return lipOffsetSeconds; }
            set { lipOffsetSeconds = value; }
        }

        /// <summary>Set its fields at any time; the next frame has them.</summary>
        public TalkFaceKnobs Knobs
        {
            get { return knobs; }
        }

        public UnityEvent OnSpeechStarted
        {
            get { return onSpeechStarted; }
        }

        public UnityEvent OnSpeechFinished
        {
            get { return onSpeechFinished; }
        }

        /// <summary>The strongest emotion that is shown has changed, and stayed so for a quarter of a second.</summary>
        public EmotionEvent OnEmotionChanged
        {
            get { return onEmotionChanged; }
        }

        /// <summary>Shows one emotion, 0 to 1 of the way from the one that is heard.</summary>
        public void SetEmotion(string emotionName, float weight)
        {
            int index = Array.IndexOf(Names.Emotions, emotionName);
            if (index < 0)
            {
                throw new ArgumentException(
                    "no emotion '" + emotionName + "'; there are " + string.Join(", ", Names.Emotions), "emotionName");
            }
            Array.Clear(emotion, 0, emotion.Length);
            emotion[index] = 1;
            emotionWeight = Mathf.Clamp01(weight);
        }

        /// <summary>Shows a mix of the eight emotions, shares that sum to 1 at most.</summary>
        public void SetEmotion(float[] mix, float weight)
        {
            if (mix == null || mix.Length != FacePose.EmotionCount)
            {
                throw new ArgumentException("a mix has " + FacePose.EmotionCount + " shares", "mix");
            }
            Array.Copy(mix, emotion, emotion.Length);
            emotionWeight = Mathf.Clamp01(weight);
        }

        /// <summary>The editor, after a change in the inspector: an emotion has eight shares.</summary>
        private void OnValidate()
        {
            Array.Resize(ref emotion, FacePose.EmotionCount);
            pushSampleRate = Math.Min(Math.Max(pushSampleRate, NativeLimits.MinSampleRate), NativeLimits.MaxSampleRate);
        }

        private void Change<T>(ref T field, T value)
        {
            field = value;
            FollowSettings();
        }
    }
}
