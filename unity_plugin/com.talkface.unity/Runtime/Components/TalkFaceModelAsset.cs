using System;
using System.Collections.Generic;
using System.IO;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>
    /// A bundle: its files as imported from a .talkface archive, or a folder below StreamingAssets. All characters
    /// that use one asset share one model.
    /// </summary>
    [PreferBinarySerialization]
    [CreateAssetMenu(menuName = "TalkFace/Model", fileName = "TalkFaceModel", order = 400)]
    public sealed class TalkFaceModelAsset : ScriptableObject
    {
        [SerializeField, Tooltip("Folder of the bundle below StreamingAssets. Not used when the asset holds the files.")]
        private string streamingAssetsFolder = "TalkFace/default";

        [SerializeField, HideInInspector]
        private BundleFile[] files = new BundleFile[0];

        [SerializeField, Tooltip("CUDA and TensorRT fall back to the CPU where they are missing.")]
        private FaceProvider provider = FaceProvider.Cpu;

        [SerializeField, Range(1, 64), Tooltip("Threads inside one run of the graph.")]
        private int threads = 1;

        [SerializeField, Tooltip("Full path of ONNX Runtime's library. Empty: the one of the package.")]
        private string onnxRuntimePath = string.Empty;

        private FaceModel model;
        private int holders;

        /// <summary>Folder below StreamingAssets; used when the asset holds no files.</summary>
        public string StreamingAssetsFolder
        {
            get { return streamingAssetsFolder; }
            set { streamingAssetsFolder = value; }
        }

        public FaceProvider Provider
        {
            get { return provider; }
            set { provider = value; }
        }

        public string OnnxRuntimePath
        {
            get { return onnxRuntimePath; }
            set { onnxRuntimePath = value; }
        }

        /// <summary>Files that the asset holds; none when it names a folder.</summary>
        public IReadOnlyList<BundleFile> Files
        {
            get { return files; }
        }

        /// <summary>Facts of the open model, or null when nobody has opened it.</summary>
        public FaceModelInfo Info
        {
            get { return model == null || model.IsDisposed ? null : model.Info; }
        }

        /// <summary>Makes the asset hold a bundle's files.</summary>
        public void SetFiles(IDictionary<string, byte[]> bundle)
        {
            if (bundle == null || !bundle.ContainsKey("manifest.json"))
            {
                throw new ArgumentException("not a bundle: it has no manifest.json", "bundle");
            }
            List<BundleFile> kept = new List<BundleFile>();
            foreach (KeyValuePair<string, byte[]> file in bundle)
            {
                kept.Add(new BundleFile { name = file.Key, bytes = file.Value });
            }
            kept.Sort((a, b) => string.CompareOrdinal(a.name, b.name));
            files = kept.ToArray();
        }

        /// <summary>The model, opened by the first that asks; blocks then. Every Acquire wants its Release.</summary>
        /// <exception cref="TalkFaceException">it cannot be opened; the message says why</exception>
        public FaceModel Acquire()
        {
            if (model == null || model.IsDisposed)
            {
                model = Open();
                holders = 0;
            }
            holders++;
            return model;
        }

        /// <summary>Gives an Acquire back; the last one closes the model.</summary>
        public void Release(FaceModel acquired)
        {
            if (acquired == null || acquired != model || --holders > 0)
            {
                return;
            }
            TalkFaceRuntime.Close(model);
            model = null;
        }

        private void OnDisable()
        {
            TalkFaceRuntime.Close(model);
            model = null;
        }

        private FaceModel Open()
        {
            FaceModelOptions options = new FaceModelOptions
            {
                Provider = provider,
                Threads = threads,
                OnnxRuntimePath = string.IsNullOrEmpty(onnxRuntimePath) ? null : onnxRuntimePath,
            };
            if (files.Length > 0)
            {
                Dictionary<string, byte[]> bundle = new Dictionary<string, byte[]>();
                foreach (BundleFile file in files)
                {
                    bundle[file.name] = file.bytes;
                }
                return TalkFaceRuntime.OpenFiles(bundle, options);
            }
            if (Application.platform == RuntimePlatform.Android)
            {
                throw new NotSupportedException(
                    name + ": Android has no folder of StreamingAssets; import the bundle as a .talkface archive");
            }
            return TalkFaceRuntime.OpenFolder(Path.Combine(Application.streamingAssetsPath, streamingAssetsFolder), options);
        }

        /// <summary>One file of a bundle.</summary>
        [Serializable]
        public sealed class BundleFile
        {
            public string name;
            public byte[] bytes;
        }
    }
}
