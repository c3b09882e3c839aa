using System;
using System.Collections.Generic;
using System.IO;
using TalkFace.Native;
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
        [SerializeField, Delayed, Tooltip("Folder of the bundle below StreamingAssets. Not used when the asset holds the files.")]
        private string streamingAssetsFolder = "TalkFace/default";

        [SerializeField, HideInInspector]
        private BundleFile[] files = new BundleFile[0];

        [SerializeField, Tooltip("CUDA and TensorRT fall back to the CPU where they are missing.")]
        private FaceProvider provider = FaceProvider.Cpu;

        [SerializeField, Range(1, 64), Tooltip("Threads inside one run of the graph.")]
        private int threads = 1;

        [SerializeField, Delayed, Tooltip("Full path of ONNX Runtime's library. Empty: the one of the package.")]
        private string onnxRuntimePath = string.Empty;

        [SerializeField, Tooltip("Voices wait while another thread opens the model. Off: the frame in which the first one starts does.")]
        private bool openInBackground = true;

        private TalkFaceModelLoad current;
        private TalkFaceModelLoad preloaded;
        private string asked;

        /// <summary>Folder below StreamingAssets; used when the asset holds no files. Voices that have the model open it anew.</summary>
        public string StreamingAssetsFolder
        {
            get { return streamingAssetsFolder; }
            set { Change(ref streamingAssetsFolder, value); }
        }

        /// <summary>Voices that have the model open it anew.</summary>
        public FaceProvider Provider
        {
            get { return provider; }
            set { Change(ref provider, value); }
        }

        /// <summary>Of one run of the graph, 1 to 64. Voices that have the model open it anew.</summary>
        public int Threads
        {
            get { return threads; }
            set { Change(ref threads, value); }
        }

        /// <summary>Voices that have the model open it anew.</summary>
        public string OnnxRuntimePath
        {
            get { return onnxRuntimePath; }
            set { Change(ref onnxRuntimePath, value); }
        }

        /// <summary>True: voices wait while another thread opens the model. False: the first one's frame does.</summary>
        public bool OpenInBackground
        {
            get { return openInBackground; }
            set { openInBackground = value; }
        }

        /// <summary>Files that the asset holds; none when it names a folder.</summary>
        public IReadOnlyList<BundleFile> Files
        {
            get { return files; }
        }

        /// <summary>Facts of the open model, or null when nobody has opened it.</summary>
        public FaceModelInfo Info
        {
            get { return current == null || current.IsOver || !current.IsDone ? null : current.Model.Info; }
        }

        /// <summary>Counts changes of what is to be opened.</summary>
        internal int Changes { get; private set; }

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
            Change(ref files, kept.ToArray());
        }

        /// <summary>
        /// Opens the model on another thread and keeps it open until Unload, so that the first voice need not wait:
        /// <c>yield return model.PreloadAsync();</c> or <c>await model.PreloadAsync();</c>. An error is logged, and is the load's.
        /// </summary>
        public TalkFaceModelLoad PreloadAsync()
        {
            if (preloaded == null || preloaded.IsOver)
            {
                Unload();
                preloaded = Hold(true);
                preloaded.Completed += Say;
            }
            return preloaded;
        }

        /// <summary>Gives a preload back; the model closes when no voice has it.</summary>
        public void Unload()
        {
            Drop(preloaded);
            preloaded = null;
        }

        /// <summary>The model, opened by the first that asks; blocks then. Every Acquire wants its Release.</summary>
        /// <exception cref="TalkFaceException">it cannot be opened; the message says why</exception>
        public FaceModel Acquire()
        {
            TalkFaceModelLoad load = Hold(false);
            try
            {
                return load.Wait();
            }
            catch
            {
                Drop(load);
                throw;
            }
        }

        /// <summary>Gives an Acquire back; the last one closes the model.</summary>
        public void Release(FaceModel acquired)
        {
            if (acquired != null && current != null && current.Model == acquired)
            {
                Drop(current);
            }
        }

        /// <summary>The load that is under way or open, else a new one; every Hold wants its Drop.</summary>
        internal TalkFaceModelLoad Hold(bool background)
        {
            if (current == null || current.IsOver)
            {
                asked = Asked();
                current = new TalkFaceModelLoad(Opener(), background && NativeLibrary.Problem == null);
            }
            current.Holders++;
            return current;
        }

        internal void Drop(TalkFaceModelLoad load)
        {
            if (load != null && --load.Holders == 0)
            {
                load.Close();
            }
        }

        private void OnDisable()
        {
            Close();
        }

        /// <summary>The editor, after a change in the inspector. It calls this as well when nothing has changed.</summary>
        private void OnValidate()
        {
            if (asked != null && asked != Asked())
            {
                asked = null;
                Close();
                Changes++;
            }
        }

        private void Change<T>(ref T field, T value)
        {
            if (!Equals(field, value))
            {
                field = value;
                Close();
                Changes++;
            }
        }

        private void Close()
        {
            if (current != null)
            {
                current.Close();
                current = null;
                preloaded = null;
            }
        }

        private string Asked()
        {
            long bytes = 0;
            foreach (BundleFile file in files)
            {
                bytes += file.bytes.LongLength;
            }
            return streamingAssetsFolder + "|" + files.Length + "|" + bytes + "|" + provider + "|" + threads + "|" + onnxRuntimePath;
        }

        private void Say(TalkFaceModelLoad load)
        {
            if (load.Error != null && !(load.Error is OperationCanceledException))
            {
                Debug.LogException(load.Error, this);
            }
        }

        /// <summary>What opens the model, on any thread.</summary>
        private Func<FaceModel> Opener()
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
                return () => FaceModel.Open(bundle, options);
            }
            if (Application.platform == RuntimePlatform.Android)
            {
                string said = name + ": Android has no folder of StreamingAssets; import the bundle as a .talkface archive";
                return () => { throw new NotSupportedException(said); };
            }
            string folder = Path.Combine(Application.streamingAssetsPath, streamingAssetsFolder);
            string missing = name + ": no bundle in " + folder + "; Tools > TalkFace > Copy Default Bundle puts the default one there, "
                + "or name another folder of StreamingAssets in the asset";
            return () =>
            {
                if (!File.Exists(Path.Combine(folder, "manifest.json")))
                {
                    throw new TalkFaceException(FaceStatus.NotFound, missing);
                }
                return FaceModel.Open(folder, options);
            };
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
