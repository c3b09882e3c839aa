// Pages: https://docs.unity3d.com/Packages/com.unity.timeline@1.7/api/
using System;
using System.Collections.Generic;
using UnityEngine.Playables;

namespace UnityEngine.Timeline
{
    [Flags]
    public enum ClipCaps // UnityEngine.Timeline.ClipCaps.html
    {
        None = 0, Looping = 1, Extrapolation = 2, ClipIn = 4, SpeedMultiplier = 8, Blending = 16, All = -1
    }

    public interface ITimelineClipAsset // UnityEngine.Timeline.ITimelineClipAsset.html
    {
        ClipCaps clipCaps { get; } // UnityEngine.Timeline.ITimelineClipAsset.html
    }

    public class TimelineClip // UnityEngine.Timeline.TimelineClip.html
    {
        internal TimelineClip() { }
        public double start { get; set; } // UnityEngine.Timeline.TimelineClip.html
        public double duration { get; set; } // UnityEngine.Timeline.TimelineClip.html
        public string displayName { get; set; } // UnityEngine.Timeline.TimelineClip.html
        public Object asset { get; set; } // UnityEngine.Timeline.TimelineClip.html
    }

    public interface IPropertyCollector // UnityEngine.Timeline.IPropertyCollector.html
    {
        void AddFromComponent(GameObject obj, Component component); // UnityEngine.Timeline.IPropertyCollector.html
        void AddFromName<T>(GameObject obj, string name) where T : Component; // UnityEngine.Timeline.IPropertyCollector.html
    }

    public abstract partial class TrackAsset : PlayableAsset // UnityEngine.Timeline.TrackAsset.html
    {
        public virtual Playable CreateTrackMixer(PlayableGraph graph, GameObject go, int inputCount) { throw Stub.Called; } // UnityEngine.Timeline.TrackAsset.html
        public sealed override Playable CreatePlayable(PlayableGraph graph, GameObject go) { throw Stub.Called; } // UnityEngine.Timeline.TrackAsset.html
        public virtual void GatherProperties(PlayableDirector director, IPropertyCollector driver) { } // UnityEngine.Timeline.TrackAsset.html

        // UnityEngine.Timeline.TrackAsset.html
        public TimelineClip CreateClip<T>() where T : ScriptableObject, IPlayableAsset
        {
            return SimAdd(ScriptableObject.CreateInstance<T>());
        }
    }

    public class AudioTrack : TrackAsset // UnityEngine.Timeline.AudioTrack.html
    {
        public TimelineClip CreateClip(AudioClip clip) { return SimAdd(clip); } // UnityEngine.Timeline.AudioTrack.html
    }

    public partial class TimelineAsset : PlayableAsset // UnityEngine.Timeline.TimelineAsset.html
    {
        public T CreateTrack<T>(TrackAsset parent, string name) where T : TrackAsset, new() { return SimTrack<T>(name); } // UnityEngine.Timeline.TimelineAsset.html
        public override Playable CreatePlayable(PlayableGraph graph, GameObject go) { throw Stub.Called; } // UnityEngine.Timeline.TimelineAsset.html
    }

    [AttributeUsage(AttributeTargets.Class)]
    public class TrackColorAttribute : Attribute // UnityEngine.Timeline.TrackColorAttribute.html
    {
        public TrackColorAttribute(float r, float g, float b) { } // UnityEngine.Timeline.TrackColorAttribute.html
    }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public class TrackClipTypeAttribute : Attribute // UnityEngine.Timeline.TrackClipTypeAttribute.html
    {
        public TrackClipTypeAttribute(Type clipClass) { inspectedType = clipClass; } // UnityEngine.Timeline.TrackClipTypeAttribute.html
        public readonly Type inspectedType; // UnityEngine.Timeline.TrackClipTypeAttribute.html
    }

    [AttributeUsage(AttributeTargets.Class)]
    public class TrackBindingTypeAttribute : Attribute // UnityEngine.Timeline.TrackBindingTypeAttribute.html
    {
        public TrackBindingTypeAttribute(Type type) { this.type = type; } // UnityEngine.Timeline.TrackBindingTypeAttribute.html
        public readonly Type type; // UnityEngine.Timeline.TrackBindingTypeAttribute.html
    }
}
