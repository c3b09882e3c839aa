using System;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>Audio that the game pushes, and the clip through which it is heard.</summary>
    public sealed partial class TalkFaceSource
    {
        private AudioClip carrier;
        private AudioClip clipBefore;
        private bool loopBefore;
        private volatile PushBuffer pushed;

        /// <summary>Push only: seconds of audio that wait to be heard.</summary>
        public double WaitingSeconds
        {
            get
            {
                PushBuffer buffer = pushed;
                return buffer == null ? 0 : buffer.Waiting;
            }
        }

        /// <summary>Pushes interleaved float audio; returns how many frames there was room for. One thread, any. What is
        /// pushed while the model is being opened is spoken when it is open.</summary>
        /// <param name="samples">at PushSampleRate, PushChannels</param>
        /// <param name="offset">first value to take</param>
        /// <param name="frames">values / channels</param>
        public int Push(float[] samples, int offset, int frames)
        {
            PushBuffer buffer = Pushing();
            CheckRange(samples == null ? 0 : samples.Length, offset, frames, buffer.Channels, 1);
            return buffer.Bring(samples, offset, frames);
        }

        /// <summary>As Push: little-endian 16-bit PCM, as text-to-speech services send it.</summary>
        public int PushPcm16(byte[] pcm, int offset, int frames)
        {
            PushBuffer buffer = Pushing();
            CheckRange(pcm == null ? 0 : pcm.Length, offset, frames, buffer.Channels, 2);
            return buffer.BringPcm16(pcm, offset, frames);
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
            else if (pushed != null)
            {
                pushed = new PushBuffer(pushSampleRate, pushChannels, pushBufferSeconds);
            }
        }

        private PushBuffer Pushing()
        {
            PushBuffer buffer = pushed;
            if (buffer == null)
            {
                throw new InvalidOperationException(
                    problem ?? "audio is pushed to a source that is enabled, has a model, and whose Input is Push");
            }
            return buffer;
        }

        private static void CheckRange(int length, int offset, int frames, int channels, int unit)
        {
            if (offset < 0 || frames < 0 || offset + ((long)frames * channels * unit) > length)
            {
                throw new ArgumentOutOfRangeException(
                    "frames", frames + " frames of " + channels + " channels from " + offset + " do not fit " + length);
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

        /// <summary>The AudioSource was stopped, or switched off and on: pushed audio goes on. A pause stays one.</summary>
        private void KeepCarrier()
        {
            if (audioSource.clip != carrier)
            {
                throw new InvalidOperationException(
                    name + ": the AudioSource's clip was changed, through which pushed audio is heard: set Input to Clip to play clips");
            }
            if (!audioSource.isPlaying && audioSource.timeSamples == 0 && audioSource.isActiveAndEnabled)
            {
                audioSource.Play();
            }
        }

        private void DropCarrier()
        {
            if (carrier == null)
            {
                return;
            }
            if (audioSource.clip == carrier)
            {
                audioSource.Stop();
                audioSource.clip = clipBefore;
            }
            audioSource.loop = loopBefore;
            DestroyImmediate(carrier);
            carrier = null;
        }
    }
}
