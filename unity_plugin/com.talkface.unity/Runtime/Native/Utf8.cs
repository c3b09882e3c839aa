using System;
using System.Text;

namespace TalkFace.Native
{
    /// <summary>UTF-8 across the C interface, the same on every platform and scripting backend.</summary>
    public static unsafe class Utf8
    {
        /// <summary>Terminated UTF-8 bytes of a text; null for null.</summary>
        /// <exception cref="ArgumentException">the text holds a NUL, at which C would cut it off</exception>
        public static byte[] Bytes(string text)
        {
            if (text == null)
            {
                return null;
            }
            if (text.IndexOf('\0') >= 0)
            {
                throw new ArgumentException("the text holds a NUL character: take it out", "text");
            }
            byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
            Encoding.UTF8.GetBytes(text, 0, text.Length, bytes, 0);
            return bytes;
        }

        /// <summary>Text at a terminated pointer; null for a null pointer.</summary>
        public static string Text(IntPtr pointer)
        {
            return pointer == IntPtr.Zero ? null : Text((byte*)pointer, int.MaxValue);
        }

        /// <summary>Text in a buffer, up to its terminator or its end.</summary>
        public static string Text(byte* bytes, int capacity)
        {
            int length = 0;
            while (length < capacity && bytes[length] != 0)
            {
                length++;
            }
            return length == 0 ? string.Empty : Encoding.UTF8.GetString(bytes, length);
        }
    }
}
