using System;
using System.Collections.Generic;

namespace TalkFace.Native
{
    /// <summary>Makes sure, once, that the loaded library and this package fit together.</summary>
    public static class NativeLibrary
    {
        private static string problem;
        private static bool looked;

        /// <summary>Why TalkFace cannot run here, or null when it can.</summary>
        public static string Problem
        {
            get
            {
                if (!looked)
                {
                    problem = Look();
                    looked = true;
                }
                return problem;
            }
        }

        /// <summary>Version of the loaded library, for instance "0.1.0".</summary>
        public static string Version
        {
            get { return Utf8.Text(NativeMethods.Version()); }
        }

        private static string Look()
        {
#if UNITY_WEBGL && !UNITY_EDITOR
            return "there is no talkface library for WebGL: play faces that were baked in the editor";
#else
            List<string> wrong = NativeLayout.Check();
            if (wrong.Count > 0)
            {
                return string.Join("; ", wrong.ToArray());
            }
            try
            {
                uint abi = NativeMethods.AbiVersion();
                return abi == NativeLimits.AbiVersion
                    ? null
                    : "the talkface library has interface " + abi + " and this package is for "
                        + NativeLimits.AbiVersion + ": take both from one release";
            }
            catch (DllNotFoundException error)
            {
                return "the talkface library was not found (" + error.Message
                    + "): the package's Runtime/Plugins has none for this platform";
            }
            catch (EntryPointNotFoundException error)
            {
                return "the talkface library is of another release (" + error.Message + "): take both from one";
            }
#endif
        }
    }
}
