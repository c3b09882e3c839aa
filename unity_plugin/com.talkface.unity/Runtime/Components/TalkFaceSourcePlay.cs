using System;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>The running part: stream, feed, playhead, events.</summary>
    public sealed partial class TalkFaceSource
    {
        private readonly FacePose pose = new FacePose();
        private AudioSource audioSource;
        private AudioClip carrier;
        private AudioClip clipBefore;
        private bool loopBefore;
        private FaceModel opened;
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

        /// <summary>Push only: seconds of audio that wait to be heard.</summary>
        public double WaitingSeconds
        {
            get { return feed is PushFeed ? ((PushFeed)feed).Waiting : 0; }
        }

        /// <summary>Plays a clip through the AudioSource; as playing it there.</summary>
        public void Play(AudioClip clip)
        {
            AudioSource audio = GetComponent<AudioSource>();
            audio.clip = clip;
            audio.Play();
        }

        /// <summary>Pushes interleaved float audio; returns how many frames there was room for. One thread, any.</summary>
        /// <param name="samples">at PushSampleRate, PushChannels</param>
        /// <param name="offset">first value to take</param>
        /// <param name="frames">values / channels</param>
        public int Push(float[] samples, int offset, int frames)
        {
            CheckRange(samples == null ? 0 : samples.Length, offset, frames, 1);
            return Pushing().Bring(samples, offset, frames);
        }

        /// <summary>As Push: little-endian 16-bit PCM, as text-to-speech services send it.</summary>
        public int PushPcm16(byte[] pcm, int offset, int frames)
        {
            CheckRange(pcm == null ? 0 : pcm.Length, offset, frames, 2);
            return Pushing().BringPcm16(pcm, offset, frames);
        }

        /// <summary>What was pushed so far is a whole utterance. Without it half a second without new audio ends one.</summary>
        public void EndPush()
        {
            Pushing().End();
        }

        /// <summary>Stop speaking now: forgets what has not been heard and eases to neutral.</summary>
        public void Interrupt(int easeMs)
        {
            if (feed != null)
            {
                feed.Interrupt(easeMs);
            }
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
            CloseModel();
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
            knobs.Apply(stream);
            ApplyEmotion();
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

        /// <summary>Makes what is missing; false when there is nothing to run.</summary>
        private bool Open()
        {
            if (problem != null || (input == VoiceInput.Clip && !ClipIsReady()))
            {
                return false;
            }
            if (stream != null && !stream.IsDisposed && (crowd == null || (crowd.IsOpen && crowd.Openings == joined)))
            {
                return true;
            }
            CloseStream();
            if (crowd != null && !crowd.isActiveAndEnabled)
            {
                return false;
            }
            try
            {
                Make();
            }
            catch (Exception error)
            {
                Fail(error);
            }
            return stream != null;
        }

        /// <summary>Clip input: false while the clip loads. Lets go of a stream of another rate.</summary>
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
            if (stream != null && (stream.Options.SampleRate != clip.frequency || stream.Options.Channels != clip.channels))
            {
                CloseStream();
            }
            return true;
        }

        private void Make()
        {
            outputRate = AudioSettings.outputSampleRate;
            FaceStreamOptions options = Options();
            if (crowd != null)
            {
                stream = crowd.Join(options);
                joined = crowd.Openings;
            }
            else if (model != null)
            {
                opened = opened ?? model.Acquire();
                stream = TalkFaceRuntime.NewStream(opened, options);
            }
            else
            {
                throw new MissingModelException(name);
            }
            if (style != null)
            {
                stream.SetStyle(style.text);
            }
            givenEmotionWeight = 0;
            gate = new SpeechGate(options.SampleRate, speechGapSeconds);
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
                Seed = (ulong)(uint)(seed == 0 ? GetInstanceID() : seed),
                SleepMs = sleepMs,
                RingMs = 1000,
                StoreMs = 2000,
                TimedCapacity = crowd == null ? 1024 : 64,
            };
            switch (input)
            {
                case VoiceInput.Clip:
                    ClipFeed.Fit(options, audioSource.clip, outputRate);
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
                    return new PushFeed(stream, gate, pushBufferSeconds, now);
            }
        }

        /// <summary>Pushed audio is heard through a constant clip, which has the AudioSource's volume, distance and pan.</summary>
        private void Carry()
        {
            float[] constant = new float[outputRate * pushChannels];
            for (int i = 0; i < constant.Length; i++)
            {
                constant[i] = PushFeed.Carrier;
            }
            carrier = AudioClip.Create("TalkFace", outputRate, pushChannels, outputRate, false);
            carrier.hideFlags = HideFlags.HideAndDontSave;
            carrier.SetData(constant, 0);
            clipBefore = audioSource.clip;
            loopBefore = audioSource.loop;
            audioSource.clip = carrier;
            audioSource.loop = true;
            audioSource.Play();
        }

        private void DropCarrier()
        {
            if (carrier == null)
            {
                return;
            }
            audioSource.Stop();
            audioSource.clip = clipBefore;
            audioSource.loop = loopBefore;
            DestroyImmediate(carrier);
            carrier = null;
        }

        private void CloseStream()
        {
            DropCarrier();
            if (stream != null)
            {
                jumps = Jumps + 1;
                feed = null;
                TalkFaceRuntime.Close(stream);
                stream = null;
            }
        }

        private void CloseModel()
        {
            if (opened != null)
            {
                model.Release(opened);
                opened = null;
            }
        }

        private PushFeed Pushing()
        {
            PushFeed pushing = feed as PushFeed;
            if (pushing == null)
            {
                throw new InvalidOperationException(
                    problem ?? "audio is pushed to a source that is enabled, has a model, and whose Input is Push");
            }
            return pushing;
        }

        private void CheckRange(int length, int offset, int frames, int unit)
        {
            if (offset < 0 || frames < 0 || offset + ((long)frames * pushChannels * unit) > length)
            {
                throw new ArgumentOutOfRangeException(
                    "frames", frames + " frames of " + pushChannels + " channels from " + offset + " do not fit " + length);
            }
        }
    }
}
