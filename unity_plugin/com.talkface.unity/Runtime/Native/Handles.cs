using System;
using System.Runtime.InteropServices;

namespace TalkFace.Native
{
    /// <summary>Owns a talkface_model. Released once no call uses it any more.</summary>
    public sealed class ModelHandle : SafeHandle
    {
        public ModelHandle(IntPtr model) : base(IntPtr.Zero, true)
        {
            SetHandle(model);
        }

        public override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.ModelDestroy(handle);
            return true;
        }
    }

    /// <summary>Owns a talkface_stream. Released once no call uses it any more.</summary>
    public sealed class StreamHandle : SafeHandle
    {
        public StreamHandle(IntPtr stream) : base(IntPtr.Zero, true)
        {
            SetHandle(stream);
        }

        public override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.StreamDestroy(handle);
            return true;
        }
    }

    /// <summary>Owns a talkface_crowd. Released once no call uses it any more.</summary>
    public sealed class CrowdHandle : SafeHandle
    {
        public CrowdHandle(IntPtr crowd) : base(IntPtr.Zero, true)
        {
            SetHandle(crowd);
        }

        public override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.CrowdDestroy(handle);
            return true;
        }
    }
}
