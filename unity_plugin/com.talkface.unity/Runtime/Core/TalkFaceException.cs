using System;
using TalkFace.Native;

namespace TalkFace
{
    /// <summary>Statuses of the native library; FULL and BUSY are no failures.</summary>
    public enum FaceStatus
    {
        Ok = 0,
        Full = 1,
        InvalidArgument = -1,
        NotFound = -2,
        Io = -3,
        BadBundle = -4,
        HashMismatch = -5,
        Unsupported = -6,
        RuntimeMissing = -7,
        RuntimeFailed = -8,
        OutOfMemory = -9,
        Busy = -10,
        BadState = -11,
        BufferTooSmall = -12,
        Internal = -13,
    }

    /// <summary>A call of the native library failed; the message is the library's own.</summary>
    public sealed class TalkFaceException : Exception
    {
        public TalkFaceException(FaceStatus status, string message) : base(message)
        {
            Status = status;
        }

        public FaceStatus Status { get; private set; }

        internal static unsafe void Check(int status, NativeError* error, string what)
        {
            if (status < 0)
            {
                Throw(status, Utf8.Text(error->Message, 504), what);
            }
        }

        internal static void Check(int status, string what)
        {
            if (status < 0)
            {
                Throw(status, string.Empty, what);
            }
        }

        private static void Throw(int status, string message, string what)
        {
            string name = Utf8.Text(NativeMethods.StatusName(status));
            throw new TalkFaceException((FaceStatus)status, what + ": " + (message.Length > 0 ? message : name));
        }
    }
}
