using System.Collections.Generic;

namespace UnityEngine.Timeline
{
    public abstract partial class TrackAsset
    {
        internal readonly List<TimelineClip> SimClips = new List<TimelineClip>();

        internal TimelineClip SimAdd(Object asset)
        {
            SimClips.Add(new TimelineClip { asset = asset });
            return SimClips[SimClips.Count - 1];
        }
    }

    public partial class TimelineAsset
    {
        internal readonly List<TrackAsset> SimTracks = new List<TrackAsset>();

        private T SimTrack<T>(string name) where T : TrackAsset, new()
        {
            var track = ScriptableObject.CreateInstance<T>();
            track.name = name;
            SimTracks.Add(track);
            return track;
        }
    }
}

namespace Simulation
{
    /// <summary>What somebody put on a timeline.</summary>
    public static class Tracks
    {
        public static List<UnityEngine.Timeline.TimelineClip> Clips(UnityEngine.Timeline.TrackAsset track)
        {
            return track.SimClips;
        }

        public static List<UnityEngine.Timeline.TrackAsset> Of(UnityEngine.Playables.PlayableDirector director)
        {
            return ((UnityEngine.Timeline.TimelineAsset)director.playableAsset).SimTracks;
        }
    }
}
