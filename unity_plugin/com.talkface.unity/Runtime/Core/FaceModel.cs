using System;
using System.Collections.Generic;
using TalkFace.Native;

namespace TalkFace
{
    /// <summary>Facts about an open model.</summary>
    public sealed class FaceModelInfo
    {
        public string Name;
        public string Version;
        public string Licence;

        /// <summary>Of the manifest, lower-case hex.</summary>
        public string Sha256;

        public string OnnxRuntime;
        public FaceProvider Provider;

        /// <summary>Why the wanted provider is not in use; empty if it is.</summary>
        public string ProviderNote;

        public string Precision;
        public int Schema;
        public int SampleRate;
        public int Hop;
        public int LookAhead;
        public int FrameRateNum;
        public int FrameRateDen;
        public int ChannelCount;
        public int EmotionCount;
        public int VisemeCount;
        public int IdentitySize;
        public int StyleSize;
        public int ExpressionCount;
        public bool HasHead;
        public float Tolerance;
    }

    /// <summary>An opened bundle: immutable, shared by any number of streams. Dispose it in any order.</summary>
    public sealed class FaceModel : IDisposable
    {
        private FaceModel(IntPtr model)
        {
            Handle = new ModelHandle(model);
            Info = ReadInfo();
            Channels = ReadNames(Info.ChannelCount, NativeMethods.ModelChannel);
            Identities = ReadNames(Info.IdentitySize, NativeMethods.ModelIdentity);
        }

        public FaceModelInfo Info { get; private set; }

        /// <summary>Channels that the bundle drives; poses always hold all 52.</summary>
        public string[] Channels { get; private set; }

        /// <summary>Names that a style file may mix.</summary>
        public string[] Identities { get; private set; }

        /// <summary>The bundle's manifest, JSON.</summary>
        public string Manifest
        {
            get { return Utf8.Text(NativeMethods.ModelManifest(Handle)); }
        }

        public bool IsDisposed
        {
            get { return Handle.IsClosed; }
        }

        internal ModelHandle Handle { get; private set; }

        /// <summary>Opens the bundle in a folder. Blocks: hashes are checked and inference is prepared.</summary>
        /// <exception cref="TalkFaceException">it cannot be opened; the message says why</exception>
        public static unsafe FaceModel Open(string folder, FaceModelOptions options = null)
        {
            if (string.IsNullOrEmpty(folder))
            {
                throw new ArgumentException("give the folder of a bundle, the one with manifest.json", "folder");
            }
            RequireLibrary();
            IntPtr model;
            NativeError error = NewError();
            fixed (byte* path = Utf8.Bytes(folder))
            {
                using (NativeOptions native = new NativeOptions(options))
                {
                    NativeModelOptions raw = native.Value;
                    int status = NativeMethods.ModelOpen(path, &raw, &model, &error);
                    TalkFaceException.Check(status, &error, "opening the bundle " + folder);
                }
            }
            return new FaceModel(model);
        }

        /// <summary>Opens a bundle from its files by name, for packed assets and Android's StreamingAssets.</summary>
        /// <exception cref="TalkFaceException">it cannot be opened; the message says why</exception>
        public static unsafe FaceModel Open(IDictionary<string, byte[]> files, FaceModelOptions options = null)
        {
            if (files == null || files.Count == 0)
            {
                throw new ArgumentException("give the files of a bundle by their names", "files");
            }
            RequireLibrary();
            IntPtr model;
            NativeError error = NewError();
            using (BundleReader reader = new BundleReader(files))
            using (NativeOptions native = new NativeOptions(options))
            {
                NativeReader rawReader = reader.Value;
                NativeModelOptions raw = native.Value;
                int status = NativeMethods.ModelOpenWith(&rawReader, &raw, &model, &error);
                TalkFaceException.Check(status, &error, "opening a bundle of " + files.Count + " files");
            }
            return new FaceModel(model);
        }

        public void Dispose()
        {
            Handle.Dispose();
        }

        internal static void RequireLibrary()
        {
            if (NativeLibrary.Problem != null)
            {
                throw new TalkFaceException(FaceStatus.Unsupported, NativeLibrary.Problem);
            }
        }

        internal static unsafe NativeError NewError()
        {
            NativeError error = default(NativeError);
            error.StructSize = (uint)sizeof(NativeError);
            return error;
        }

        private unsafe FaceModelInfo ReadInfo()
        {
            NativeModelInfo raw = default(NativeModelInfo);
            raw.StructSize = (uint)sizeof(NativeModelInfo);
            TalkFaceException.Check(NativeMethods.ModelGetInfo(Handle, &raw), "reading the model's facts");
            return new FaceModelInfo
            {
                Name = Utf8.Text(raw.Name, 64),
                Version = Utf8.Text(raw.Version, 32),
                Licence = Utf8.Text(raw.Licence, 64),
                Sha256 = Utf8.Text(raw.Sha256, 65),
                OnnxRuntime = Utf8.Text(raw.OnnxRuntime, 32),
                Provider = (FaceProvider)raw.Provider,
                ProviderNote = Utf8.Text(raw.ProviderNote, 256),
                Precision = Utf8.Text(raw.Precision, 16),
                Schema = (int)raw.Schema,
                SampleRate = (int)raw.SampleRate,
                Hop = (int)raw.Hop,
                LookAhead = (int)raw.LookAhead,
                FrameRateNum = (int)raw.FrameRateNum,
                FrameRateDen = (int)raw.FrameRateDen,
                ChannelCount = (int)raw.ChannelCount,
                EmotionCount = (int)raw.EmotionCount,
                VisemeCount = (int)raw.VisemeCount,
                IdentitySize = (int)raw.IdentitySize,
                StyleSize = (int)raw.StyleSize,
                ExpressionCount = (int)raw.ExpressionCount,
                HasHead = raw.HasHead != 0,
                Tolerance = raw.Tolerance,
            };
        }

        private string[] ReadNames(int count, Func<ModelHandle, uint, IntPtr> name)
        {
            string[] names = new string[count];
            for (int i = 0; i < count; i++)
            {
                names[i] = Utf8.Text(name(Handle, (uint)i));
            }
            return names;
        }
    }
}
