using System;
using TalkFace.Native;

namespace TalkFace
{
    /// <summary>A row of the library's table of knobs: post-processing parameters, set per stream.</summary>
    public sealed class KnobInfo
    {
        private static KnobInfo[] all;
        private readonly IntPtr nativeName;

        private unsafe KnobInfo(int index)
        {
            NativeKnob knob = new NativeKnob { StructSize = (uint)sizeof(NativeKnob) };
            TalkFaceException.Check(NativeMethods.KnobGet((uint)index, &knob), "knob " + index);
            Index = index;
            nativeName = knob.Name;
            Name = Utf8.Text(knob.Name);
            Doc = Utf8.Text(knob.Doc);
            Default = knob.DefaultValue;
            Min = knob.MinValue;
            Max = knob.MaxValue;
        }

        public int Index { get; private set; }

        /// <summary>snake_case; a unit ends the name.</summary>
        public string Name { get; private set; }

        public string Doc { get; private set; }
        public float Default { get; private set; }
        public float Min { get; private set; }
        public float Max { get; private set; }

        /// <summary>The table, read once. The array is shared: do not change it.</summary>
        public static KnobInfo[] All
        {
            get
            {
                if (all == null)
                {
                    FaceModel.RequireLibrary();
                    KnobInfo[] table = new KnobInfo[(int)NativeMethods.KnobCount()];
                    for (int i = 0; i < table.Length; i++)
                    {
                        table[i] = new KnobInfo(i);
                    }
                    all = table;
                }
                return all;
            }
        }

        internal IntPtr NativeName
        {
            get { return nativeName; }
        }

        /// <summary>The knob of that name.</summary>
        /// <exception cref="ArgumentException">there is none; the message lists those that are</exception>
        public static KnobInfo Find(string name)
        {
            foreach (KnobInfo knob in All)
            {
                if (knob.Name == name)
                {
                    return knob;
                }
            }
            throw new ArgumentException(
                "no knob '" + name + "'; there are " + string.Join(", ", Array.ConvertAll(All, k => k.Name)), "name");
        }
    }
}
