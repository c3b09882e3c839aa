using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace TalkFace.Unity.Editor
{
    /// <summary>Reads a .talkface archive: a bundle's files in a zip, stored or deflated, no folders needed.</summary>
    public static class BundleArchive
    {
        private const uint EndMark = 0x06054b50;
        private const uint EntryMark = 0x02014b50;
        private const uint FileMark = 0x04034b50;
        private const int EndSize = 22;

        /// <summary>Files by their bare names.</summary>
        /// <exception cref="InvalidDataException">no zip, damaged, or not a bundle; the message says which</exception>
        public static Dictionary<string, byte[]> Read(byte[] zip)
        {
            Dictionary<string, byte[]> files = new Dictionary<string, byte[]>();
            int end = FindEnd(zip);
            int count = BitConverter.ToUInt16(zip, end + 10);
            long at = BitConverter.ToUInt32(zip, end + 16);
            for (int i = 0; i < count; i++)
            {
                if (at + 46 > zip.Length || BitConverter.ToUInt32(zip, (int)at) != EntryMark)
                {
                    throw new InvalidDataException("the archive's list of files is damaged: export the bundle again");
                }
                int entry = (int)at;
                int nameLength = BitConverter.ToUInt16(zip, entry + 28);
                string path = Encoding.UTF8.GetString(zip, entry + 46, nameLength);
                if (!path.EndsWith("/", StringComparison.Ordinal))
                {
                    files[path.Substring(path.LastIndexOf('/') + 1)] = Unpack(zip, entry, path);
                }
                at += 46 + nameLength + BitConverter.ToUInt16(zip, entry + 30) + BitConverter.ToUInt16(zip, entry + 32);
            }
            if (!files.ContainsKey("manifest.json"))
            {
                throw new InvalidDataException("not a bundle: the archive has no manifest.json");
            }
            return files;
        }

        private static int FindEnd(byte[] zip)
        {
            for (int at = zip.Length - EndSize; at >= 0 && at > zip.Length - EndSize - ushort.MaxValue; at--)
            {
                if (BitConverter.ToUInt32(zip, at) == EndMark)
                {
                    return at;
                }
            }
            throw new InvalidDataException("not a .talkface archive: it is no zip file");
        }

        private static byte[] Unpack(byte[] zip, int entry, string path)
        {
            int method = BitConverter.ToUInt16(zip, entry + 10);
            uint packed = BitConverter.ToUInt32(zip, entry + 20);
            uint size = BitConverter.ToUInt32(zip, entry + 24);
            uint local = BitConverter.ToUInt32(zip, entry + 42);
            if (local + 30 > zip.Length || BitConverter.ToUInt32(zip, (int)local) != FileMark)
            {
                throw new InvalidDataException(path + " is damaged in the archive: export the bundle again");
            }
            long data = local + 30 + BitConverter.ToUInt16(zip, (int)local + 26) + BitConverter.ToUInt16(zip, (int)local + 28);
            if (data + packed > zip.Length)
            {
                throw new InvalidDataException(path + " is cut off: copy the archive again");
            }
            byte[] bytes = new byte[size];
            switch (method)
            {
                case 0:
                    Array.Copy(zip, data, bytes, 0, size);
                    break;
                case 8:
                    Inflate(new MemoryStream(zip, (int)data, (int)packed), bytes, path);
                    break;
                default:
                    throw new InvalidDataException(path + " is packed by method " + method + ": store or deflate it");
            }
            if (Crc(bytes) != BitConverter.ToUInt32(zip, entry + 16))
            {
                throw new InvalidDataException(path + " has another checksum: copy the archive again");
            }
            return bytes;
        }

        private static void Inflate(Stream packed, byte[] into, string path)
        {
            using (DeflateStream stream = new DeflateStream(packed, CompressionMode.Decompress))
            {
                int done = 0;
                while (done < into.Length)
                {
                    int got = stream.Read(into, done, into.Length - done);
                    if (got == 0)
                    {
                        throw new InvalidDataException(path + " is cut off: copy the archive again");
                    }
                    done += got;
                }
            }
        }

        private static uint Crc(byte[] bytes)
        {
            uint crc = uint.MaxValue;
            foreach (byte one in bytes)
            {
                crc ^= one;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc >> 1) ^ (0xEDB88320u & (uint)-(int)(crc & 1));
                }
            }
            return ~crc;
        }
    }
}
