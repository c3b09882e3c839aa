using System;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>The running part: stream, feed, playhead, events.</summary>
    public sealed partial class TalkFaceSource
    {
        private readonly FacePose pose = new FacePose();
        private readonly ModelShare share = new ModelShare();
        private VoiceSettings settings;
        private AudioSource audioSource;
        private AudioClip refusedClip;
        private FaceStream stream;
        private volatile VoiceFeed feed;
        private SpeechGate gate;
        private string problem;
        private long playhead;
        private int outputRate;
        private int jumps;
        private int joined;

        /// <summary>The stream, for what this component has no property for; null while there is none.</summary>
        public FaceStream Stream
        {
            get { return stream; }
        }

        /// <summary>The pose that belongs to what is heard in this frame; from LateUpdate on.</summary>
        public FacePose Pose
        {
            get { return pose; }
        }

        /// <summary>Input sample of the stream that is heard in this frame.</summary>
        public long Playhead
        {
            get { return playhead; }
        }

        public bool IsSpeaking
        {
            get { return gate != null && gate.Speaking; }
        }

        /// <summary>Counts jumps of the playhead: starts, seeks.</summary>
        public int Jumps
        {
            get { return jumps + (feed == null ? 0 : feed.Jumps); }
        }

        /// <summary>Why the voice does not run, or null.</summary>
        public string Problem
        {
            get { return problem; }
        }

        /// <summary>The voice waits for its model, which is being opened.</summary>
        public bool IsLoading
        {
            get { return share.IsWaiting || (crowd != null && crowd.IsLoading); }
        }

        /// <summary>Plays a clip through the AudioSource; as playing it there.</summary>
        /// <exception cref="InvalidOperationException">the input is Push, which has the AudioSource for itself</exception>
        public void Play(AudioClip clip)
        {
            if (input == VoiceInput.Push)
            {
                throw new InvalidOperationException(name + ": clips are played with Input Clip or Tap; Push speaks what is pushed");
            }
            AudioSource audio = GetComponent<AudioSource>();
            audio.clip = clip;
            audio.Play();
        }

        private void OnEnable()
        {
            problem = null;
            audioSource = GetComponent<AudioSource>();
            AudioSettings.OnAudioConfigurationChanged += Reconfigure;
            if (model != null || crowd != null)
            {
                Open();
            }
        }

        private void OnDisable()
        {
            AudioSettings.OnAudioConfigurationChanged -= Reconfigure;
            CloseStream();
            share.Close();
            pushed = null;
        }

        private void Update()
        {
            if (!Open())
            {
                return;
            }
            try
            {
                Run(DspTime.Now);
            }
            catch (Exception error)
            {
                Fail(error);
            }
        }

        private void Run(double now)
        {
            feed.OutputLatency = DspTime.OutputLatency + lipOffsetSeconds;
            feed.Lead = leadSeconds;
            gate.GapSeconds = speechGapSeconds;
            knobs.Apply(stream);
            ApplyEmotion();
            if (input == VoiceInput.Push)
            {
                KeepCarrier();
            }
            feed.Tick(now);
            if (crowd == null)
            {
                stream.Process();
            }
            playhead = feed.Playhead(now);
        }

        /// <summary>Says it once and rests until the component is changed or switched on again.</summary>
        private void Fail(Exception error)
        {
            problem = error.Message;
            Debug.LogException(error, this);
            CloseStream();
            pushed = null;
        }

        private void LateUpdate()
        {
            if (stream == null || stream.IsDisposed)
            {
                return;
            }
            stream.Sample(playhead, pose);
            if (gate.Advance(playhead))
            {
                (gate.Speaking ? onSpeechStarted : onSpeechFinished).Invoke();
            }
            WatchEmotion();
        }

        /// <summary>Audio thread.</summary>
        private void OnAudioFilterRead(float[] data, int channels)
        {
            VoiceFeed current = feed;
            if (current != null)
            {
                current.Filter(data, channels, outputRate, AudioSettings.dspTime);
            }
        }

        private void Reconfigure(bool deviceWasChanged)
        {
            CloseStream();
        }

        /// <summary>Lets go of what was made from settings that have changed since.</summary>
        private void FollowSettings()
        {
            VoiceSettings wanted = Settings();
            if (wanted.Is(settings))
            {
                return;
            }
            CloseStream();
            if (!wanted.HasModelOf(settings))
            {
                share.Close();
            }
            if (!wanted.PushesAs(settings))
            {
                pushed = null;
            }
            settings = wanted;
            problem = null;
        }

        private VoiceSettings Settings()
        {
            TalkFaceCrowd joins = crowd == null ? null : crowd;
            TalkFaceModelAsset opens = joins != null || model == null ? null : model;
            return new VoiceSettings
            {
                Model = opens,
                ModelChanges = opens == null ? 0 : opens.Changes,
                Crowd = joins,
                CrowdChanges = joins == null ? 0 : joins.CountChanges(),
                Input = input,
                HoldBackTap = holdBackTap,
                PushSampleRate = pushSampleRate,
                PushChannels = pushChannels,
                PushBufferSeconds = pushBufferSeconds,
                Seed = seed,
                SleepMs = sleepMs,
                Style = style,
            };
        }

        /// <summary>Makes what is missing; false when there is nothing to run.</summary>
        private bool Open()
        {
            FollowSettings();
            if (refusedClip != null && audioSource.clip != refusedClip)
            {
                refusedClip = null;
                problem = null;
            }
            if (problem != null || (input == VoiceInput.Clip && !ClipIsReady()))
            {
                return false;
            }
            if (stream != null && !stream.IsDisposed && (crowd == null || (crowd.IsOpen && crowd.Openings == joined)))
            {
                return true;
            }
            CloseStream();
            try
            {
                if (input == VoiceInput.Push)
                {
                    pushed = pushed ?? new PushBuffer(pushSampleRate, pushChannels, pushBufferSeconds);
                }
                if (crowd == null || crowd.isActiveAndEnabled)
                {
                    Make();
                }
            }
            catch (Exception error)
            {
                Fail(error);
            }
            return stream != null;
        }

        /// <summary>Clip input: false while the clip loads. Lets go of a stream that does not fit it.</summary>
        private bool ClipIsReady()
        {
            AudioClip clip = audioSource.clip;
            if (clip == null)
            {
                return true;
            }
            if (clip.loadState == AudioDataLoadState.Unloaded)
            {
                clip.LoadAudioData();
            }
            if (clip.loadState != AudioDataLoadState.Loaded)
            {
                return false;
            }
            if (stream != null && !ClipFeed.Fits(stream.Options, clip))
            {
                CloseStream();
            }
            return true;
        }

        private void Make()
        {
            if (crowd == null && model == null)
            {
                throw new MissingModelException(name);
            }
            FaceModel opened = crowd == null ? share.Open(model) : null;
            if (crowd == null ? opened == null : !crowd.Open())
            {
                return;
            }
            outputRate = AudioSettings.outputSampleRate;
            FaceStreamOptions options = Options();
            stream = crowd == null ? TalkFaceRuntime.NewStream(opened, options) : crowd.Join(options);
            joined = crowd == null ? 0 : crowd.Openings;
            if (style != null)
            {
                stream.SetStyle(style.text);
            }
            givenEmotionWeight = 0;
            gate = new SpeechGate(options.SampleRate) { GapSeconds = speechGapSeconds };
            feed = NewFeed();
            if (input == VoiceInput.Push)
            {
                Carry();
            }
        }

        private FaceStreamOptions Options()
        {
            FaceStreamOptions options = new FaceStreamOptions
            {
                Seed = (ulong)(uint)(seed == 0 ? GetHashCode() : seed),
                SleepMs = sleepMs,
                RingMs = 1000,
                StoreMs = 2000,
                TimedCapacity = crowd == null ? 1024 : 64,
            };
            switch (input)
            {
                case VoiceInput.Clip:
                    refusedClip = audioSource.clip;
                    ClipFeed.Fit(options, refusedClip, outputRate);
                    refusedClip = null;
                    break;
                case VoiceInput.Tap:
                    options.SampleRate = outputRate;
                    options.Channels = DspTime.SpeakerChannels;
                    break;
                default:
                    options.SampleRate = pushSampleRate;
                    options.Channels = pushChannels;
                    break;
            }
            return options;
        }

        private VoiceFeed NewFeed()
        {
            double now = DspTime.Now;
            switch (input)
            {
                case VoiceInput.Clip:
                    return new ClipFeed(stream, gate, audioSource);
                case VoiceInput.Tap:
                    return new TapFeed(stream, gate, holdBackTap, now);
                default:
                    return new PushFeed(stream, gate, pushed, now);
            }
        }

        /// <summary>A listener that throws must not keep what else is to be closed.</summary>
        private void SayFinished()
        {
            try
            {
                onSpeechFinished.Invoke();
            }
            catch (Exception error)
            {
                Debug.LogException(error, this);
            }
        }

        private void CloseStream()
        {
            DropCarrier();
            if (stream == null)
            {
                return;
            }
            jumps = Jumps + 1;
            feed = null;
            TalkFaceRuntime.Close(stream);
            stream = null;
            pose.Clear();
            bool spoke = IsSpeaking;
            gate = null;
            if (spoke && gameObject.scene.isLoaded)
            {
                SayFinished();
            }
        }
    }
}
