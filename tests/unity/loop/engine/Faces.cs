using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public partial class Mesh
    {
        internal sealed class Shape
        {
            internal string Name;
            internal readonly List<float> Frames = new List<float>();
        }

        internal readonly List<Shape> SimShapes = new List<Shape>();

        private void SimAddShape(string shape, float weight, Vector3[] deltas)
        {
            if (vertices != null && deltas.Length != vertices.Length)
                throw new ArgumentException("deltas of " + shape + " are not as many as the vertices");
            var found = SimShapes.Find(one => one.Name == shape);
            if (found == null)
                SimShapes.Add(found = new Shape { Name = shape });
            found.Frames.Add(weight);
        }
    }

    public partial class SkinnedMeshRenderer
    {
        private Mesh SimMesh;
        private float[] m_Weights = new float[0];

        private void SimSetMesh(Mesh value)
        {
            SimMesh = value;
            m_Weights = new float[value == null ? 0 : value.SimShapes.Count];
        }

        private float SimGetWeight(int index)
        {
            return m_Weights[index];
        }

        private void SimSetWeight(int index, float value)
        {
            m_Weights[index] = value;
        }
    }

    public partial class AnimationCurve
    {
        private float SimEvaluate(float time)
        {
            if (keys.Length == 0)
                return 0;
            if (time <= keys[0].time)
                return keys[0].value;
            for (var i = 1; i < keys.Length; i++)
                if (time <= keys[i].time)
                    return Between(keys[i - 1], keys[i], time);
            return keys[keys.Length - 1].value;
        }

        private static float Between(Keyframe a, Keyframe b, float time)
        {
            var length = b.time - a.time;
            var t = (time - a.time) / length;
            var t2 = t * t;
            var t3 = t2 * t;
            return (2 * t3 - 3 * t2 + 1) * a.value + (t3 - 2 * t2 + t) * length * a.outTangent
                + (3 * t2 - 2 * t3) * b.value + (t3 - t2) * length * b.inTangent;
        }
    }

    public sealed partial class AnimationClip
    {
        internal readonly Dictionary<object, AnimationCurve> SimCurves = new Dictionary<object, AnimationCurve>();
    }
}

namespace UnityEngine.Rendering
{
    public sealed partial class GraphicsSettings
    {
        internal static RenderPipelineAsset SimPipeline;
    }
}

namespace UnityEngine.Playables
{
    public partial struct PlayableGraph
    {
        private bool SimValid
        {
            get { return true; }
        }
    }

    internal sealed class Node
    {
        internal object Behaviour;
        internal Node[] Inputs;
        internal float[] Weights;
        internal double Time;
    }

    public partial struct PlayableHandle
    {
        internal Node SimNode;
    }

    public partial struct Playable
    {
        internal PlayableHandle SimHandle;
    }

    public partial struct ScriptPlayable<T>
    {
        private PlayableHandle SimHandle;

        private static ScriptPlayable<T> SimCreate(PlayableGraph graph, int inputs)
        {
            var node = new Node { Behaviour = new T(), Inputs = new Node[inputs], Weights = new float[inputs] };
            return new ScriptPlayable<T> { SimHandle = new PlayableHandle { SimNode = node } };
        }

        private T SimGet()
        {
            return (T)SimHandle.SimNode.Behaviour;
        }

        private static Playable SimUp(ScriptPlayable<T> playable)
        {
            return new Playable { SimHandle = playable.SimHandle };
        }

        private static ScriptPlayable<T> SimDown(Playable playable)
        {
            return new ScriptPlayable<T> { SimHandle = playable.SimHandle };
        }
    }

    public partial class PlayableDirector
    {
        internal bool SimPlaying;
        private readonly Dictionary<Object, Object> SimBound = new Dictionary<Object, Object>();

        private Object SimFind(Object key)
        {
            Object found;
            return SimBound.TryGetValue(key, out found) ? found : null;
        }
    }

    public static partial class PlayableExtensions
    {
        private static int SimInputs(PlayableHandle handle)
        {
            return handle.SimNode.Inputs.Length;
        }

        private static float SimWeight(PlayableHandle handle, int index)
        {
            return handle.SimNode.Weights[index];
        }

        private static Playable SimInput(PlayableHandle handle, int index)
        {
            return new Playable { SimHandle = new PlayableHandle { SimNode = handle.SimNode.Inputs[index] } };
        }

        private static double SimTime(PlayableHandle handle)
        {
            return handle.SimNode.Time;
        }
    }
}

namespace Simulation
{
    /// <summary>What a director does with a mixer and its inputs.</summary>
    public static class Director
    {
        public static void Connect(UnityEngine.Playables.Playable mixer, int port, UnityEngine.Playables.Playable input)
        {
            mixer.SimHandle.SimNode.Inputs[port] = input.SimHandle.SimNode;
        }

        public static void Set(UnityEngine.Playables.Playable mixer, int port, float weight, double time)
        {
            mixer.SimHandle.SimNode.Weights[port] = weight;
            mixer.SimHandle.SimNode.Inputs[port].Time = time;
        }

        public static void Process(UnityEngine.Playables.Playable mixer, object bound)
        {
            var behaviour = (UnityEngine.Playables.PlayableBehaviour)mixer.SimHandle.SimNode.Behaviour;
            behaviour.ProcessFrame(mixer, default(UnityEngine.Playables.FrameData), bound);
        }

        public static bool Plays(UnityEngine.Playables.PlayableDirector director)
        {
            return director.SimPlaying;
        }

        public static void Stop(UnityEngine.Playables.Playable mixer)
        {
            var behaviour = (UnityEngine.Playables.PlayableBehaviour)mixer.SimHandle.SimNode.Behaviour;
            behaviour.OnGraphStop(mixer);
        }
    }
}
