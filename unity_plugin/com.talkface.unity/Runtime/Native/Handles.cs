using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace TalkFace.Native
{
    /// <summary>Owns a native object: released once, when no call uses it any more.</summary>
    public abstract class NativeHandle : SafeHandle
    {
        private static int alive;

        protected NativeHandle(IntPtr native) : base(IntPtr.Zero, true)
        {
            SetHandle(native);
            if (native != IntPtr.Zero)
            {
                Interlocked.Increment(ref alive);
            }
        }

        /// <summary>Models, streams and crowds that were made and not released yet.</summary>
        public static int Alive
        {
            get { return Volatile.Read(ref alive); }
        }

        public sealed override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }

        protected abstract void Destroy(IntPtr native);

        protected sealed override bool ReleaseHandle()
        {
            Destroy(handle);
            Interlocked.Decrement(ref alive);
            return true;
        }
    }

    /// <summary>Owns a talkface_model.</summary>
    public sealed class ModelHandle : NativeHandle
    {
        public ModelHandle(IntPtr model) : base(model)
        {
        }

        protected override void Destroy(IntPtr native)
        {
            NativeMethods.ModelDestroy(native);
        }
    }

    /// <summary>Owns a talkface_stream.</summary>
    public sealed class StreamHandle : NativeHandle
    {
        public StreamHandle(IntPtr stream) : base(stream)
        {
        }

        protected override void Destroy(IntPtr native)
        {
            NativeMethods.StreamDestroy(native);
        }
    }

    /// <summary>Owns a talkface_crowd.</summary>
    public sealed class CrowdHandle : NativeHandle
    {
        public CrowdHandle(IntPtr crowd) : base(crowd)
        {
        }

        protected override void Destroy(IntPtr native)
        {
            NativeMethods.CrowdDestroy(native);
        }
    }
}
