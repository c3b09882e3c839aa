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

        private FaceModel opened;
        private FaceCrowd crowd;

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

        /// <summary>Why the crowd does not run, or null. Said once; it rests until it is switched off and on.</summary>
        public string Problem { get; private set; }

        /// <summary>Counts native crowds that were made: members of an earlier one must join again.</summary>
        internal int Openings { get; private set; }

        /// <summary>A stream that this crowd processes. The component must be active.</summary>
        internal FaceStream Join(FaceStreamOptions options)
        {
            if (!IsOpen)
            {
                Open();
            }
            return TalkFaceRuntime.Join(crowd, options);
        }

        private void Update()
        {
            if (!IsOpen || Problem != null)
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
                Problem = error.Message;
                Debug.LogException(error, this);
            }
        }

        private void OnDisable()
        {
            Problem = null;
            Close();
        }

        private void Close()
        {
            TalkFaceRuntime.Close(crowd);
            crowd = null;
            if (opened != null)
            {
                model.Release(opened);
                opened = null;
            }
        }

        private void Open()
        {
            if (model == null)
            {
                throw new MissingModelException(name);
            }
            Close();
            opened = model.Acquire();
            crowd = TalkFaceRuntime.NewCrowd(opened, new FaceCrowdOptions
            {
                MaxStreams = maxVoices, MaxBatch = maxBatch, Threads = threads,
            });
            Openings++;
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
