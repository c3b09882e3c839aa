using UnityEngine;
using UnityEngine.Playables;
using UnityEngine.Timeline;

namespace TalkFace.Unity.Samples
{
    /// <summary>
    /// Builds a Timeline of baked lines one after another, each with its sound, and plays it. Bake the lines by
    /// Assets > TalkFace > Bake for Timeline. In a project you would build the same Timeline by hand.
    /// </summary>
    [RequireComponent(typeof(PlayableDirector))]
    public sealed class BakedCutscene : MonoBehaviour
    {
        [SerializeField]
        private TalkFaceDriver character;

        [SerializeField]
        private AudioSource mouth;

        [SerializeField]
        private BakedFaceAsset[] lines = new BakedFaceAsset[0];

        [SerializeField, Min(0)]
        private float pauseSeconds = 0.4f;

        private void Start()
        {
            TimelineAsset timeline = ScriptableObject.CreateInstance<TimelineAsset>();
            TalkFaceTrack face = timeline.CreateTrack<TalkFaceTrack>(null, "Face");
            AudioTrack sound = timeline.CreateTrack<AudioTrack>(null, "Voice");
            double start = 0;
            foreach (BakedFaceAsset line in lines)
            {
                AddLine(face, sound, line, start);
                start += line.Baked.Seconds + pauseSeconds;
            }
            PlayableDirector director = GetComponent<PlayableDirector>();
            director.playableAsset = timeline;
            director.SetGenericBinding(face, character);
            director.SetGenericBinding(sound, mouth);
            director.Play();
        }

        private static void AddLine(TalkFaceTrack face, AudioTrack sound, BakedFaceAsset line, double start)
        {
            TimelineClip clip = face.CreateClip<TalkFaceTimelineClip>();
            ((TalkFaceTimelineClip)clip.asset).Face = line;
            clip.displayName = line.name;
            clip.start = start;
            clip.duration = line.Baked.Seconds;
            TimelineClip heard = sound.CreateClip(line.Audio);
            heard.start = start;
        }
    }
}
