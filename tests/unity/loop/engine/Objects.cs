using System;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.CompilerServices;
using Simulation;

[assembly: InternalsVisibleTo("UnityEditor")]
[assembly: InternalsVisibleTo("Unity.Timeline")]

namespace UnityEngine
{
    public partial class Object
    {
        private static int s_Next;
        internal readonly int SimId = ++s_Next;
        internal bool SimGone;
        internal bool SimKept;

        private static bool SimSame(Object a, Object b)
        {
            var none = ReferenceEquals(a, null) || a.SimGone;
            if (ReferenceEquals(b, null) || b.SimGone)
                return none;
            return ReferenceEquals(a, b);
        }

        private static void SimDestroy(Object target, bool now)
        {
            if (target == null)
                return;
            if (now)
                World.DestroyNow(target);
            else
                World.DestroyLater(target);
        }

        private static void SimKeep(Object target)
        {
            var item = target as GameObject;
            if (item != null)
                item.SimKept = true;
        }

        /// <summary>Of what characters have: a tree of objects with skinned meshes.</summary>
        private static T SimCopy<T>(T original) where T : Object
        {
            var from = original as GameObject;
            if (from == null)
                throw new NotSupportedException("the simulated engine copies game objects only");
            return (T)(Object)World.Copy(from);
        }

        private static T[] SimFind<T>() where T : Object
        {
            return World.All<T>();
        }
    }

    public partial class Component
    {
        internal GameObject SimOwner;
    }

    public partial class Behaviour
    {
        internal bool SimEnabled = true;

        internal bool SimActive
        {
            get { return SimEnabled && !SimGone && SimOwner != null && SimOwner.SimActiveInHierarchy; }
        }

        private void SimEnable(bool value)
        {
            if (SimEnabled == value)
                return;
            SimEnabled = value;
            SimRefresh();
        }

        internal virtual void SimRefresh()
        {
        }
    }

    public partial class MonoBehaviour
    {
        internal delegate void Filter(float[] data, int channels);

        internal Action SimAwake, SimOnEnable, SimStart, SimUpdate, SimLateUpdate, SimOnDisable, SimOnDestroy;
        internal Filter SimFilter;
        internal int SimOrder;
        private bool m_Awoken, m_Started, m_Live;

        internal void SimBind()
        {
            var type = GetType();
            var order = (DefaultExecutionOrder)Attribute.GetCustomAttribute(type, typeof(DefaultExecutionOrder));
            SimOrder = order == null ? 0 : order.order;
            SimAwake = World.Message<Action>(this, "Awake");
            SimOnEnable = World.Message<Action>(this, "OnEnable");
            SimStart = World.Message<Action>(this, "Start");
            SimUpdate = World.Message<Action>(this, "Update");
            SimLateUpdate = World.Message<Action>(this, "LateUpdate");
            SimOnDisable = World.Message<Action>(this, "OnDisable");
            SimOnDestroy = World.Message<Action>(this, "OnDestroy");
            SimFilter = World.Message<Filter>(this, "OnAudioFilterRead");
        }

        internal override void SimRefresh()
        {
            if (!m_Awoken && SimOwner.SimActiveInHierarchy)
            {
                m_Awoken = true;
                World.Call(SimAwake);
            }
            var live = SimActive && m_Awoken;
            if (live == m_Live)
                return;
            m_Live = live;
            World.Call(live ? SimOnEnable : SimOnDisable);
        }

        internal void SimBegin()
        {
            if (m_Started || !m_Live)
                return;
            m_Started = true;
            World.Call(SimStart);
        }

        internal bool SimLive
        {
            get { return m_Live; }
        }

        internal void SimEnd()
        {
            if (m_Live)
            {
                m_Live = false;
                World.Call(SimOnDisable);
            }
            if (m_Awoken)
                World.Call(SimOnDestroy);
        }

        internal void SimReload()
        {
            if (!m_Live)
                return;
            World.Call(SimOnDisable);
            m_Live = false;
        }
    }

    public partial class ScriptableObject
    {
        private static T SimCreate<T>() where T : ScriptableObject
        {
            var made = Activator.CreateInstance<T>();
            World.Call(World.Message<Action>(made, "OnEnable"));
            World.Assets.Add(made);
            return made;
        }
    }

    public sealed partial class GameObject
    {
        internal readonly List<Component> SimComponents = new List<Component>();
        internal Transform SimTransform;
        internal bool SimActiveSelf = true;
        internal SceneManagement.Scene SimScene;

        internal bool SimActiveInHierarchy
        {
            get
            {
                var above = SimTransform == null ? null : SimTransform.SimParent;
                return SimActiveSelf && !SimGone && (above == null || above.SimOwner.SimActiveInHierarchy);
            }
        }

        private void SimConstruct(string called, params Type[] components)
        {
            name = called;
            SimScene = SceneManagement.SceneManager.GetActiveScene();
            SimTransform = (Transform)SimAdd(typeof(Transform));
            World.Objects.Add(this);
            foreach (var type in components)
                SimAdd(type);
        }

        private Component SimAdd(Type type)
        {
            foreach (RequireComponent need in type.GetCustomAttributes(typeof(RequireComponent), true))
                if (!SimComponents.Exists(one => need.m_Type0.IsInstanceOfType(one)))
                    SimAdd(need.m_Type0);
            var made = (Component)Activator.CreateInstance(type);
            made.SimOwner = this;
            made.name = name;
            SimComponents.Add(made);
            World.Added(made);
            return made;
        }

        private T SimGet<T>()
        {
            foreach (var one in SimComponents)
                if (one is T && !one.SimGone)
                    return (T)(object)one;
            return default(T);
        }

        private T SimGetBelow<T>(bool inactive)
        {
            var all = SimGetAll<T>(inactive);
            return all.Length > 0 ? all[0] : default(T);
        }

        private T SimGetAbove<T>(bool inactive)
        {
            var found = inactive || SimActiveInHierarchy ? SimGet<T>() : default(T);
            if (found != null || SimTransform.SimParent == null)
                return found;
            return SimTransform.SimParent.SimOwner.SimGetAbove<T>(inactive);
        }

        private T[] SimGetAll<T>(bool inactive)
        {
            var found = new List<T>();
            SimCollect(found, inactive);
            return found.ToArray();
        }

        private void SimCollect<T>(List<T> found, bool inactive)
        {
            if (!inactive && !SimActiveInHierarchy)
                return;
            foreach (var one in SimComponents)
                if (one is T && !one.SimGone)
                    found.Add((T)(object)one);
            foreach (var child in SimTransform.SimChildren)
                child.SimOwner.SimCollect(found, inactive);
        }

        private void SimSetActive(bool value)
        {
            SimActiveSelf = value;
            SimRefresh();
        }

        internal void SimRefresh()
        {
            foreach (var one in SimComponents.ToArray())
                if (one is Behaviour)
                    ((Behaviour)one).SimRefresh();
            foreach (var child in SimTransform.SimChildren.ToArray())
                child.SimOwner.SimRefresh();
        }
    }

    public partial class Transform
    {
        internal Transform SimParent;
        internal readonly List<Transform> SimChildren = new List<Transform>();

        public Transform()
        {
            localRotation = Quaternion.identity;
            localScale = Vector3.one;
        }

        private Quaternion SimRotation
        {
            get { return SimParent == null ? localRotation : SimParent.SimRotation * localRotation; }
            set { localRotation = SimParent == null ? value : Quaternion.Inverse(SimParent.SimRotation) * value; }
        }

        private Vector3 SimPosition
        {
            get { return SimParent == null ? localPosition : SimParent.SimPosition + SimParent.SimRotation * localPosition; }
            set { localPosition = SimParent == null ? value : Quaternion.Inverse(SimParent.SimRotation) * (value - SimParent.SimPosition); }
        }

        private void SimSetParent(Transform value)
        {
            if (SimParent != null)
                SimParent.SimChildren.Remove(this);
            SimParent = value;
            if (value != null)
                value.SimChildren.Add(this);
            SimOwner.SimRefresh();
        }
    }
}
