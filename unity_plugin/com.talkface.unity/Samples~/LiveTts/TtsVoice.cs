using System.Collections.Generic;
using UnityEngine;

namespace TalkFace.Unity.Samples
{
    /// <summary>
    /// Speaks 16-bit PCM as a text-to-speech service sends it: chunks of any size, also of odd ones, from any thread,
    /// faster or slower than they are spoken. Call Receive for each chunk and Finish after the last.
    /// </summary>
    [RequireComponent(typeof(TalkFaceSource))]
    public sealed class TtsVoice : MonoBehaviour
    {
        private readonly object guard = new object();
        private readonly Queue<byte> waiting = new Queue<byte>();
        private readonly byte[] chunk = new byte[8192];
        private TalkFaceSource voice;
        private bool finished;

        /// <summary>Any thread: some bytes of the line.</summary>
        public void Receive(byte[] bytes, int count)
        {
            lock (guard)
            {
                for (int i = 0; i < count; i++)
                {
                    waiting.Enqueue(bytes[i]);
                }
                finished = false;
            }
        }

        /// <summary>Any thread: the line is complete.</summary>
        public void Finish()
        {
            lock (guard)
            {
                finished = true;
            }
        }

        /// <summary>The player interrupts: nothing more of the line is heard.</summary>
        public void Interrupt()
        {
            lock (guard)
            {
                waiting.Clear();
                finished = false;
            }
            voice.Interrupt(120);
        }

        private void Awake()
        {
            voice = GetComponent<TalkFaceSource>();
        }

        private void Update()
        {
            if (!voice.isActiveAndEnabled || voice.Input != VoiceInput.Push || voice.Problem != null)
            {
                return;
            }
            lock (guard)
            {
                int frame = 2 * voice.PushChannels;
                while (waiting.Count >= frame && HasRoom())
                {
                    int bytes = Mathf.Min(chunk.Length / frame, waiting.Count / frame) * frame;
                    for (int i = 0; i < bytes; i++)
                    {
                        chunk[i] = waiting.Dequeue();
                    }
                    voice.PushPcm16(chunk, 0, bytes / frame);
                }
                if (finished && waiting.Count < frame)
                {
                    voice.EndPush();
                    waiting.Clear();
                    finished = false;
                }
            }
        }

        /// <summary>The source's buffer holds 30 seconds unless told otherwise; two are plenty.</summary>
        private bool HasRoom()
        {
            float chunkSeconds = chunk.Length / (2f * voice.PushChannels * voice.PushSampleRate);
            return voice.WaitingSeconds < Mathf.Min(2, voice.PushBufferSeconds - chunkSeconds);
        }
    }
}
