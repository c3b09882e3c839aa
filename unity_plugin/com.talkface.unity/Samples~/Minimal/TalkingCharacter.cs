using UnityEngine;

namespace TalkFace.Unity.Samples
{
    /// <summary>Put this on a character with blendshapes, give it a model and a line, press play.</summary>
    public sealed class TalkingCharacter : MonoBehaviour
    {
        [SerializeField]
        private TalkFaceModelAsset model;

        [SerializeField]
        private AudioClip line;

        private TalkFaceSource voice;

        public TalkFaceModelAsset Model
        {
            get { return model; }
            set { model = value; }
        }

        /// <summary>Says a line, from its beginning.</summary>
        public void Say(AudioClip what)
        {
            voice.Play(what);
        }

        private void Awake()
        {
            gameObject.AddComponent<AudioSource>().playOnAwake = false;
            voice = gameObject.AddComponent<TalkFaceSource>();
            voice.Model = model;
            gameObject.AddComponent<TalkFaceDriver>();
        }

        private void Start()
        {
            if (line != null)
            {
                Say(line);
            }
        }
    }
}
