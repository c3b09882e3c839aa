using System;
using System.Text;
using TalkFace.Native;

namespace TalkFace
{
    /// <summary>Knobs, emotion, style, scripts and saved states of a stream.</summary>
    public sealed partial class FaceStream
    {
        /// <summary>Sets a knob; allocates nothing. Takes effect at the next frame.</summary>
        /// <exception cref="TalkFaceException">the value lies outside the knob's range</exception>
        public void SetKnob(KnobInfo knob, float value)
        {
            if (!(value >= knob.Min && value <= knob.Max))
            {
                throw new ArgumentOutOfRangeException(
                    "value", value, knob.Name + " must lie between " + knob.Min + " and " + knob.Max);
            }
            TalkFaceException.Check(NativeMethods.StreamSetKnob(handle, knob.NativeName, value), "setting a knob");
        }

        public void SetKnob(string name, float value)
        {
            SetKnob(KnobInfo.Find(name), value);
        }

        public unsafe float GetKnob(KnobInfo knob)
        {
            float value;
            TalkFaceException.Check(NativeMethods.StreamGetKnob(handle, knob.NativeName, &value), "reading a knob");
            return value;
        }

        public float GetKnob(string name)
        {
            return GetKnob(KnobInfo.Find(name));
        }

        /// <summary>The emotion to show where no key says otherwise; allocates nothing.</summary>
        /// <param name="mix">eight shares, each 0 to 1, their sum at most 1; neutral gets the rest</param>
        /// <param name="weight">how far it replaces the emotion that is heard, 0 to 1</param>
        public unsafe void SetEmotion(float[] mix, float weight)
        {
            CheckMix(mix);
            fixed (float* first = mix)
            {
                TalkFaceException.Check(NativeMethods.StreamSetEmotion(handle, first, weight), "setting an emotion");
            }
        }

        /// <summary>Pushes timed emotions, in time order, before their audio; returns how many were taken.</summary>
        public unsafe int PushEmotion(EmotionKey[] keys)
        {
            NativeEmotionKey[] raw = new NativeEmotionKey[keys.Length];
            for (int i = 0; i < keys.Length; i++)
            {
                CheckMix(keys[i].Mix);
                raw[i].StructSize = (uint)sizeof(NativeEmotionKey);
                raw[i].Sample = keys[i].Sample;
                raw[i].Weight = keys[i].Weight;
                fixed (NativeEmotionKey* key = &raw[i])
                {
                    for (int e = 0; e < FacePose.EmotionCount; e++)
                    {
                        key->Mix[e] = keys[i].Mix[e];
                    }
                }
            }
            ulong taken = 0;
            fixed (NativeEmotionKey* first = raw)
            {
                int status = NativeMethods.StreamPushEmotion(handle, first, (ulong)raw.Length, &taken);
                TalkFaceException.Check(status, "pushing emotions");
            }
            return (int)taken;
        }

        /// <summary>Pushes timed phones before their audio; returns how many were taken.</summary>
        public unsafe int PushPhones(Phone[] phones)
        {
            NativePhone[] raw = new NativePhone[phones.Length];
            for (int i = 0; i < phones.Length; i++)
            {
                byte[] symbol = Utf8.Bytes(phones[i].Symbol);
                if (symbol == null || symbol.Length < 2 || symbol.Length > 8)
                {
                    throw new ArgumentException("phone " + i + " needs an ARPAbet symbol, such as AH1", "phones");
                }
                raw[i].StructSize = (uint)sizeof(NativePhone);
                raw[i].Start = phones[i].Start;
                raw[i].End = phones[i].End;
                fixed (NativePhone* phone = &raw[i])
                {
                    for (int b = 0; b < symbol.Length; b++)
                    {
                        phone->Symbol[b] = symbol[b];
                    }
                }
            }
            ulong taken = 0;
            NativeError error = FaceModel.NewError();
            fixed (NativePhone* first = raw)
            {
                int status = NativeMethods.StreamPushPhones(handle, first, (ulong)raw.Length, &taken, &error);
                TalkFaceException.Check(status, &error, "pushing phones");
            }
            return (int)taken;
        }

        /// <summary>Gives the stream a style file (docs/emotion.md); null or empty: the default style.</summary>
        public unsafe void SetStyle(string json)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(json ?? string.Empty);
            NativeError error = FaceModel.NewError();
            fixed (byte* first = bytes)
            {
                int status = NativeMethods.StreamSetStyle(handle, first, (ulong)bytes.Length, &error);
                TalkFaceException.Check(status, &error, "setting a style");
            }
        }

        /// <summary>Makes every frame of the graph (1), every second (2) or every fourth (4), for far characters.</summary>
        public void SetStride(int stride)
        {
            TalkFaceException.Check(NativeMethods.StreamSetStride(handle, Unsigned(stride, "stride")), "stride");
        }

        /// <summary>The whole state, for quick-save and replay. No push, read or sample may run meanwhile.</summary>
        public unsafe byte[] Save()
        {
            byte[] state = new byte[NativeMethods.StreamStateSize(handle)];
            NativeError error = FaceModel.NewError();
            fixed (byte* first = state)
            {
                int status = NativeMethods.StreamSave(handle, first, (ulong)state.LongLength, &error);
                TalkFaceException.Check(status, &error, "saving a stream");
            }
            return state;
        }

        /// <summary>Restores a state saved by a stream of the same bundle, style and options.</summary>
        public unsafe void Load(byte[] state)
        {
            if (state == null)
            {
                throw new ArgumentNullException("state", "give what Save returned");
            }
            NativeError error = FaceModel.NewError();
            fixed (byte* first = state)
            {
                int status = NativeMethods.StreamLoad(handle, first, (ulong)state.LongLength, &error);
                TalkFaceException.Check(status, &error, "loading a stream");
            }
        }

        private static void CheckMix(float[] mix)
        {
            if (mix == null || mix.Length != FacePose.EmotionCount)
            {
                throw new ArgumentException(
                    "an emotion is " + FacePose.EmotionCount + " shares: " + string.Join(", ", Names.Emotions), "mix");
            }
        }
    }
}
