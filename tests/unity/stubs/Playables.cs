// Pages: https://docs.unity3d.com/ScriptReference/
using System;
using System.Collections.Generic;

namespace UnityEngine.Playables
{
    public partial struct PlayableGraph // Playables.PlayableGraph.html
    {
        public bool IsValid() { return SimValid; } // Playables.PlayableGraph.IsValid.html
    }

    public partial interface IPlayable // Playables.IPlayable.html
    {
        PlayableHandle GetHandle(); // Playables.IPlayable.html Playables.IPlayable.GetHandle.html
    }

    public partial struct PlayableHandle // Playables.PlayableHandle.html
    {
    }

    public interface IPlayableBehaviour // Playables.IPlayableBehaviour.html
    {
        void OnGraphStop(Playable playable); // Playables.IPlayableBehaviour.OnGraphStop.html
    }

    public partial struct Playable : IPlayable // Playables.Playable.html
    {
        public PlayableHandle GetHandle() { return SimHandle; } // Playables.Playable.GetHandle.html
    }

    public partial struct ScriptPlayable<T> : IPlayable where T : class, IPlayableBehaviour, new() // Playables.ScriptPlayable_1.html
    {
        public static ScriptPlayable<T> Create(PlayableGraph graph, int inputCount = 0) { return SimCreate(graph, inputCount); } // Playables.ScriptPlayable_1.Create.html
        public T GetBehaviour() { return SimGet(); } // Playables.ScriptPlayable_1.GetBehaviour.html
        public PlayableHandle GetHandle() { return SimHandle; } // Playables.ScriptPlayable_1.GetHandle.html
        public static implicit operator Playable(ScriptPlayable<T> playable) { return SimUp(playable); } // Playables.ScriptPlayable_1-operator_Playable.html
        public static explicit operator ScriptPlayable<T>(Playable playable) { return SimDown(playable); } // Playables.ScriptPlayable_1-operator_ScriptPlayable_1.html
    }

    public abstract class PlayableBehaviour : IPlayableBehaviour, ICloneable // Playables.PlayableBehaviour.html
    {
        public virtual void OnGraphStop(Playable playable) { } // Playables.PlayableBehaviour.OnGraphStop.html
        public virtual void OnPlayableDestroy(Playable playable) { } // Playables.PlayableBehaviour.OnPlayableDestroy.html
        public virtual void ProcessFrame(Playable playable, FrameData info, object playerData) { } // Playables.PlayableBehaviour.ProcessFrame.html
        public virtual object Clone() { return MemberwiseClone(); } // Playables.PlayableBehaviour.Clone.html
    }

    public struct FrameData // Playables.FrameData.html
    {
        public float weight { get { return 1; } } // Playables.FrameData-weight.html
    }

    public static partial class PlayableExtensions // Playables.PlayableExtensions.html
    {
        public static int GetInputCount<U>(this U playable) where U : struct, IPlayable { return SimInputs(playable.GetHandle()); } // Playables.PlayableExtensions.GetInputCount.html
        public static float GetInputWeight<U>(this U playable, int inputIndex) where U : struct, IPlayable { return SimWeight(playable.GetHandle(), inputIndex); } // Playables.PlayableExtensions.GetInputWeight.html
        public static Playable GetInput<U>(this U playable, int inputPort) where U : struct, IPlayable { return SimInput(playable.GetHandle(), inputPort); } // Playables.PlayableExtensions.GetInput.html
        public static double GetTime<U>(this U playable) where U : struct, IPlayable { return SimTime(playable.GetHandle()); } // Playables.PlayableExtensions.GetTime.html
    }

    public interface IPlayableAsset // Playables.IPlayableAsset.html
    {
        Playable CreatePlayable(PlayableGraph graph, GameObject owner); // Playables.IPlayableAsset.CreatePlayable.html
        double duration { get; } // Playables.IPlayableAsset-duration.html
    }

    public abstract class PlayableAsset : ScriptableObject, IPlayableAsset // Playables.PlayableAsset.html
    {
        public abstract Playable CreatePlayable(PlayableGraph graph, GameObject owner); // Playables.PlayableAsset.CreatePlayable.html
        public virtual double duration { get { return double.PositiveInfinity; } } // Playables.PlayableAsset-duration.html
    }

    public partial class PlayableDirector : Behaviour // Playables.PlayableDirector.html
    {
        public PlayableAsset playableAsset { get; set; } // Playables.PlayableDirector-playableAsset.html
        public double time { get; set; } // Playables.PlayableDirector-time.html
        public Object GetGenericBinding(Object key) { return SimFind(key); } // Playables.PlayableDirector.GetGenericBinding.html
        public void SetGenericBinding(Object key, Object value) { SimBound[key] = value; } // Playables.PlayableDirector.SetGenericBinding.html
        public void Play() { SimPlaying = true; } // Playables.PlayableDirector.Play.html
    }
}
