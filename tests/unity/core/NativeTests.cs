using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using TalkFace.Native;

namespace TalkFace.Tests
{
    [Tests]
    public static class NativeTests
    {
        public static void LayoutIsThatOfTheTables()
        {
            Check.Equal(string.Empty, string.Join("; ", NativeLayout.Check().ToArray()), "differences");
            Check.Equal(NativeLayout.Sizes.Count, NativeLayout.MeasuredSizes().Count, "measured sizes");
            Check.Equal(NativeLayout.Offsets.Count, NativeLayout.MeasuredOffsets().Count, "measured offsets");
        }

        public static void AWrongTableIsNoticed()
        {
            int size = NativeLayout.Sizes["talkface_pose"];
            NativeLayout.Sizes["talkface_pose"] = size + 4;
            try
            {
                Check.Equal(1, NativeLayout.Check().Count, "differences");
            }
            finally
            {
                NativeLayout.Sizes["talkface_pose"] = size;
            }
        }

        /// <summary>What IL2CPP and the audio thread want: nothing that a marshaller would copy or convert.</summary>
        public static void OnlyBlittableThingsCross()
        {
            MethodInfo[] methods = typeof(NativeMethods).GetMethods(
                BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
            Check.True(methods.Length > 40, "functions: " + methods.Length);
            foreach (MethodInfo method in methods)
            {
                Check.True((method.Attributes & MethodAttributes.PinvokeImpl) != 0, method.Name + " is native");
                Check.True(Crosses(method.ReturnType) && method.ReturnType != typeof(ModelHandle), method.Name);
                foreach (ParameterInfo parameter in method.GetParameters())
                {
                    Check.True(Crosses(parameter.ParameterType), method.Name + ": " + parameter.Name);
                }
            }
            Check.True(!Crosses(typeof(string)) && !Crosses(typeof(bool)), "the check knows what does not cross");
            Check.True(!Crosses(typeof(float[])) && !Crosses(typeof(Action)), "arrays and delegates do not");
        }

        /// <summary>IL2CPP makes a native entry only for static methods that are marked.</summary>
        public static void CallbacksAreStaticAndMarked()
        {
            int marked = 0;
            foreach (Type type in typeof(FaceModel).Assembly.GetTypes())
            {
                foreach (MethodInfo method in type.GetMethods(
                    BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance))
                {
                    object[] found = method.GetCustomAttributes(typeof(MonoPInvokeCallbackAttribute), false);
                    Check.True(found.Length == 0 || method.IsStatic, method.Name + " is static");
                    marked += found.Length;
                }
            }
            Check.Equal(2, marked, "callbacks: size and read of a bundle");
        }

        public static void TheLibraryFits()
        {
            Check.Equal(null, NativeLibrary.Problem, "problem");
            Check.True(NativeLibrary.Version.Split('.').Length == 3, "a version of three numbers");
        }

        public static void NamesAreTheLibrarys()
        {
            for (int i = 0; i < Names.Channels.Length; i++)
            {
                Check.Equal(Utf8.Text(NativeMethods.ChannelName((uint)i)), Names.Channels[i], "channel " + i);
                Check.Equal(Names.Channels[i].ToLowerInvariant(), ((Channel)i).ToString().ToLowerInvariant(), "enum");
            }
            for (int i = 0; i < Names.Emotions.Length; i++)
            {
                Check.Equal(Utf8.Text(NativeMethods.EmotionName((uint)i)), Names.Emotions[i], "emotion " + i);
            }
            for (int i = 0; i < Names.Visemes.Length; i++)
            {
                Check.Equal(Utf8.Text(NativeMethods.VisemeName((uint)i)), Names.Visemes[i], "viseme " + i);
            }
            Check.Equal(IntPtr.Zero, NativeMethods.ChannelName((uint)Names.Channels.Length), "one channel more");
            Check.Equal(IntPtr.Zero, NativeMethods.EmotionName((uint)Names.Emotions.Length), "one emotion more");
            Check.Equal(IntPtr.Zero, NativeMethods.VisemeName((uint)Names.Visemes.Length), "one viseme more");
        }

        public static unsafe void TextsCrossAsUtf8()
        {
            foreach (string text in new[] { "jawOpen", "Gesicht für 声と顔", "звук \U0001F600", string.Empty })
            {
                byte[] bytes = Utf8.Bytes(text);
                Check.Equal(0, (int)bytes[bytes.Length - 1], "the terminator");
                fixed (byte* first = bytes)
                {
                    Check.Equal(text, Utf8.Text((IntPtr)first), "there and back");
                    Check.Equal(text, Utf8.Text(first, bytes.Length - 1), "a buffer without a terminator");
                }
            }
            Check.Equal(null, Utf8.Text(IntPtr.Zero), "a null pointer");
            Check.Throws<ArgumentException>(() => Utf8.Bytes("a\0b"), "NUL");
            fixed (byte* name = Utf8.Bytes("jawOpen"))
            {
                Check.Equal((int)Channel.JawOpen, NativeMethods.ChannelIndex(name), "index of jawOpen");
            }
        }

        public static void KnobsAreTheTable()
        {
            Check.Equal((int)NativeMethods.KnobCount(), KnobInfo.All.Length, "count");
            foreach (KnobInfo knob in KnobInfo.All)
            {
                Check.True(knob.Min <= knob.Default && knob.Default <= knob.Max, knob.Name + " starts in its range");
                Check.True(knob.Doc.Length > 5, knob.Name + " is explained");
                Check.Equal(knob, KnobInfo.Find(knob.Name), "found by name");
            }
            Check.Throws<ArgumentException>(() => KnobInfo.Find("loudness"), KnobInfo.All[0].Name);
        }

        public static void AMissingBundleIsNamed()
        {
            string nowhere = Path.Combine(Path.GetTempPath(), "nicht da ü 声");
            TalkFaceException error = Check.Throws<TalkFaceException>(() => FaceModel.Open(nowhere), "nicht da ü 声");
            Check.Equal(FaceStatus.NotFound, error.Status, "status");
            Check.Throws<ArgumentException>(() => FaceModel.Open(string.Empty), "manifest.json");
            Check.Throws<ArgumentException>(() => FaceModel.Open(new Dictionary<string, byte[]>()), "files");
        }

        public static void AWrongRuntimeIsExplained()
        {
            FaceModelOptions options = new FaceModelOptions { OnnxRuntimePath = "/nowhere/libtalkface_onnxruntime.so" };
            TalkFaceException error = Check.Throws<TalkFaceException>(
                () => FaceModel.Open(Places.Bundle, options), "/nowhere/libtalkface_onnxruntime.so");
            Check.Equal(FaceStatus.RuntimeMissing, error.Status, "status");
        }

        public static void TheRuntimesPathMayBeGiven()
        {
            FaceModelOptions options = new FaceModelOptions { OnnxRuntimePath = Places.OnnxRuntime };
            using (FaceModel model = FaceModel.Open(Places.Bundle, options))
            {
                Check.True(model.Info.OnnxRuntime.StartsWith("1.", StringComparison.Ordinal), model.Info.OnnxRuntime);
                Check.Equal(model.Info.ChannelCount, model.Channels.Length, "channels");
                Check.Equal(model.Info.IdentitySize, model.Identities.Length, "identities");
                Check.Equal(64, model.Info.Sha256.Length, "sha256");
                Check.True(model.Manifest.Contains(model.Info.Name), "the manifest names the bundle");
                Check.True(Array.IndexOf(model.Channels, "jawOpen") >= 0, "jawOpen is driven");
            }
        }

        public static void ABundleOpensFromBytes()
        {
            Dictionary<string, byte[]> files = new Dictionary<string, byte[]>();
            foreach (string path in Directory.GetFiles(Places.Bundle))
            {
                files[Path.GetFileName(path)] = File.ReadAllBytes(path);
            }
            using (FaceModel model = FaceModel.Open(files))
            {
                Check.Equal(Places.Model.Info.Sha256, model.Info.Sha256, "the same manifest");
            }
            byte[] graph = (byte[])files["model.onnx"].Clone();
            graph[graph.Length / 2] ^= 1;
            files["model.onnx"] = graph;
            TalkFaceException damaged = Check.Throws<TalkFaceException>(() => FaceModel.Open(files), "model.onnx");
            Check.Equal(FaceStatus.HashMismatch, damaged.Status, "status of a flipped bit");
            files.Remove("model.onnx");
            Check.Throws<TalkFaceException>(() => FaceModel.Open(files), "model.onnx");
        }

        private static bool Crosses(Type type)
        {
            bool handle = typeof(NativeHandle).IsAssignableFrom(type);
            bool number = type.IsPrimitive && type != typeof(bool) && type != typeof(char);
            return handle || number || type.IsPointer || type == typeof(void);
        }
    }
}
