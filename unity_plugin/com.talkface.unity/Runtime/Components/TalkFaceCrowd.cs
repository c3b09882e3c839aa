using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>Many voices in one tick a frame: those that have a hop ready run as one batch.</summary>
    [AddComponentMenu("TalkFace/TalkFace Crowd")]
    [DefaultExecutionOrder(-90)]
    [DisallowMultipleComponent]
    public sealed class TalkFaceCrowd : MonoBehaviour
    {
        [SerializeField]
        private TalkFaceModelAsset model;

        [SerializeField, Range(1, 4096), Tooltip("Voices at a time.")]
        private int maxVoices = 64;

        [SerializeField, Range(1, 256), Tooltip("Voices of one graph run.")]
        private int maxBatch = 32;

        [SerializeField, Range(1, 64), Tooltip("Threads that share a tick; all but one are started for it.")]
        private int threads = 1;

        [SerializeField, Min(0), Tooltip("Graph steps a frame at most, those of the longest waiting voices first; 0: all.")]
        private int maxStepsPerFrame;

        private readonly ModelShare share = new ModelShare();
        private FaceCrowd crowd;
        private Settings settings;
        private string problem;
        private int changes;

        /// <summary>Changes of this and what follows, by script or in the inspector, take effect in the next frame: the
        /// crowd is made anew and its voices join again.</summary>
        public TalkFaceModelAsset Model
        {
            get { return model; }
            set { model = value; }
        }

        public int MaxVoices
        {
            get { return maxVoices; }
            set { maxVoices = value; }
        }

        public int MaxBatch
        {
            get { return maxBatch; }
            set { maxBatch = value; }
        }

        public int Threads
        {
            get { return threads; }
            set { threads = value; }
        }

        public int MaxStepsPerFrame
        {
            get { return maxStepsPerFrame; }
            set { maxStepsPerFrame = Mathf.Max(0, value); }
        }

        /// <summary>Counters, or all 0 while there is no crowd.</summary>
        public FaceCrowdStats Stats
        {
            get { return crowd == null || crowd.IsDisposed ? default(FaceCrowdStats) : crowd.Stats; }
        }

        /// <summary>True while voices can join and are processed.</summary>
        public bool IsOpen
        {
            get { return crowd != null && !crowd.IsDisposed; }
        }

        /// <summary>The crowd waits for its model, which is being opened.</summary>
        public bool IsLoading
        {
            get { return share.IsWaiting; }
        }

        /// <summary>Why the crowd does not run, or null. Said once; it rests until it is changed or switched off and on.</summary>
        public string Problem
        {
            get { return problem; }
        }

        /// <summary>Counts native crowds that were made: members of an earlier one must join again.</summary>
        internal int Openings { get; private set; }


        /// <summary>Looks for changes, and counts those after which voices join anew, or try it again.</summary>
        internal int CountChanges()
        {
            FollowSettings();
            return changes;
        }

        /// <summary>True when voices can join; false while the model is being opened. The component must be active.</summary>
        internal bool Open()
        {
            if (problem != null)
            {
                throw new System.InvalidOperationException(name + ": " + problem);
            }
            if (IsOpen)
            {
                return true;
            }
            try
            {
                Make();
            }
            catch (System.Exception error)
            {
                problem = error.Message;
                throw;
            }
            return IsOpen;
        }

        /// <summary>A stream that this crowd processes; after Open.</summary>
        internal FaceStream Join(FaceStreamOptions options)
        {
            return TalkFaceRuntime.Join(crowd, options);
        }

        private void Update()
        {
            FollowSettings();
            if (!IsOpen || problem != null)
            {
                return;
            }
            try
            {
                int frames;
                crowd.Process(maxStepsPerFrame, out frames);
            }
            catch (System.Exception error)
            {
                problem = error.Message;
                Debug.LogException(error, this);
            }
        }

        private void OnDisable()
        {
            Close();
        }

        private void FollowSettings()
        {
            Settings wanted = new Settings
            {
                Model = model == null ? null : model,
                ModelChanges = model == null ? 0 : model.Changes,
                MaxVoices = maxVoices,
                MaxBatch = maxBatch,
                Threads = threads,
            };
            if (!wanted.Is(settings))
            {
                settings = wanted;
                Close();
            }
        }

        private void Close()
        {
            TalkFaceRuntime.Close(crowd);
            crowd = null;
            share.Close();
            problem = null;
            changes++;
        }

        private void Make()
        {
            if (model == null)
            {
                throw new MissingModelException(name);
            }
            FaceModel opened = share.Open(model);
            if (opened == null)
            {
                return;
            }
            crowd = TalkFaceRuntime.NewCrowd(opened, new FaceCrowdOptions
            {
                MaxStreams = maxVoices, MaxBatch = maxBatch, Threads = threads,
            });
            Openings++;
        }

        /// <summary>What the native crowd was made from.</summary>
        private struct Settings
        {
            public TalkFaceModelAsset Model;
            public int ModelChanges;
            public int MaxVoices;
            public int MaxBatch;
            public int Threads;

            public bool Is(Settings other)
            {
                return ReferenceEquals(Model, other.Model) && ModelChanges == other.ModelChanges
                    && MaxVoices == other.MaxVoices && MaxBatch == other.MaxBatch && Threads == other.Threads;
            }
        }
    }

    /// <summary>A component was started without a model.</summary>
    public sealed class MissingModelException : System.InvalidOperationException
    {
        internal MissingModelException(string component)
            : base(component + ": give the component a model (Assets > Create > TalkFace > Model)")
        {
        }
    }
}
