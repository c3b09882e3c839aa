using System.Collections.Generic;
using UnityEngine;

namespace TalkFace.Unity.Samples
{
    /// <summary>Rows of copies of one character, all voices processed in one tick a frame.</summary>
    public sealed class CrowdOfCharacters : MonoBehaviour
    {
        [SerializeField]
        private TalkFaceModelAsset model;

        [SerializeField, Tooltip("A character with blendshapes, without TalkFace components.")]
        private GameObject character;

        [SerializeField]
        private AudioClip[] lines = new AudioClip[0];

        [SerializeField, Range(1, 256)]
        private int count = 32;

        [SerializeField, Range(1, 32)]
        private int perRow = 8;

        [SerializeField, Min(0)]
        private float metresApart = 0.6f;

        private readonly List<TalkFaceSource> voices = new List<TalkFaceSource>();

        public IList<TalkFaceSource> Voices
        {
            get { return voices; }
        }

        public void Set(TalkFaceModelAsset withModel, GameObject copied, AudioClip[] said, int many)
        {
            model = withModel;
            character = copied;
            lines = said;
            count = many;
        }

        private void Start()
        {
            TalkFaceCrowd crowd = gameObject.AddComponent<TalkFaceCrowd>();
            crowd.Model = model;
            crowd.MaxVoices = count;
            for (int i = 0; i < count; i++)
            {
                voices.Add(Place(i, crowd));
            }
        }

        private TalkFaceSource Place(int index, TalkFaceCrowd crowd)
        {
            GameObject copy = Instantiate(character);
            copy.transform.SetParent(transform, false);
            copy.transform.localPosition = new Vector3(index % perRow, 0, index / perRow) * metresApart;
            AudioSource audio = copy.AddComponent<AudioSource>();
            audio.spatialBlend = 1;
            audio.loop = true;
            TalkFaceSource voice = copy.AddComponent<TalkFaceSource>();
            voice.Crowd = crowd;
            voice.Seed = index + 1;
            copy.AddComponent<TalkFaceDriver>();
            if (lines.Length > 0)
            {
                AudioClip line = lines[index % lines.Length];
                voice.Play(line);
                audio.timeSamples = line.samples * index / count;
            }
            return voice;
        }
    }
}
