using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using TalkFace.Native;

namespace TalkFace
{
    /// <summary>Model options with their texts in unmanaged memory while a model is opened.</summary>
    internal sealed class NativeOptions : IDisposable
    {
        private readonly IntPtr runtime;
        private readonly IntPtr cache;

        public unsafe NativeOptions(FaceModelOptions options)
        {
            FaceModelOptions wanted = options ?? new FaceModelOptions();
            runtime = Unmanaged(wanted.OnnxRuntimePath);
            cache = Unmanaged(wanted.CacheFolder);
            Value = new NativeModelOptions
            {
                StructSize = (uint)sizeof(NativeModelOptions),
                Provider = (int)wanted.Provider,
                Device = wanted.Device,
                Threads = wanted.Threads,
                OnnxRuntimePath = runtime,
                CacheFolder = cache,
            };
        }

        public NativeModelOptions Value { get; private set; }

        public void Dispose()
        {
            Marshal.FreeHGlobal(runtime);
            Marshal.FreeHGlobal(cache);
        }

        private static IntPtr Unmanaged(string text)
        {
            byte[] bytes = Utf8.Bytes(string.IsNullOrEmpty(text) ? null : text);
            if (bytes == null)
            {
                return IntPtr.Zero;
            }
            IntPtr memory = Marshal.AllocHGlobal(bytes.Length);
            Marshal.Copy(bytes, 0, memory, bytes.Length);
            return memory;
        }
    }

    /// <summary>A bundle's files behind the two callbacks of talkface_reader.</summary>
    internal sealed class BundleReader : IDisposable
    {
        private static readonly SizeFunction SizeCallback = Size;
        private static readonly ReadFunction ReadCallback = Read;
        private readonly IDictionary<string, byte[]> files;
        private GCHandle self;

        public unsafe BundleReader(IDictionary<string, byte[]> files)
        {
            this.files = files;
            self = GCHandle.Alloc(this);
            Value = new NativeReader
            {
                StructSize = (uint)sizeof(NativeReader),
                User = GCHandle.ToIntPtr(self),
                Size = Marshal.GetFunctionPointerForDelegate(SizeCallback),
                Read = Marshal.GetFunctionPointerForDelegate(ReadCallback),
            };
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long SizeFunction(IntPtr user, IntPtr name);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long ReadFunction(IntPtr user, IntPtr name, ulong offset, IntPtr destination, ulong count);

        public NativeReader Value { get; private set; }

        public void Dispose()
        {
            self.Free();
        }

        [MonoPInvokeCallback(typeof(SizeFunction))]
        private static long Size(IntPtr user, IntPtr name)
        {
            byte[] file = Find(user, name);
            return file == null ? -1 : file.LongLength;
        }

        [MonoPInvokeCallback(typeof(ReadFunction))]
        private static long Read(IntPtr user, IntPtr name, ulong offset, IntPtr destination, ulong count)
        {
            byte[] file = Find(user, name);
            if (file == null || offset > (ulong)file.LongLength)
            {
                return -1;
            }
            int length = (int)Math.Min(count, (ulong)file.LongLength - offset);
            Marshal.Copy(file, (int)offset, destination, length);
            return length;
        }

        private static byte[] Find(IntPtr user, IntPtr name)
        {
            byte[] file;
            BundleReader reader = (BundleReader)GCHandle.FromIntPtr(user).Target;
            return reader.files.TryGetValue(Utf8.Text(name), out file) ? file : null;
        }
    }
}
