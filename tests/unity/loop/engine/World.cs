using System;
using System.Collections.Generic;
using System.Reflection;
using System.Threading;
using UnityEngine;
using UnityEngine.SceneManagement;
using Object = UnityEngine.Object;

namespace Simulation
{
    /// <summary>What other threads post, and what is awaited, goes on once a frame on the main thread (the manual's page
    /// "await support").</summary>
    public sealed class MainThread : SynchronizationContext
    {
        private static readonly Queue<Action> s_Posted = new Queue<Action>();

        public override void Post(SendOrPostCallback d, object state)
        {
            lock (s_Posted)
                s_Posted.Enqueue(() => d(state));
        }

        internal static void Run()
        {
            while (true)
            {
                Action next;
                lock (s_Posted)
                {
                    if (s_Posted.Count == 0)
                        return;
                    next = s_Posted.Dequeue();
                }
                World.Call(next);
            }
        }
    }

    /// <summary>The order of a frame, as Unity's manual has it ("Order of execution for event
    /// functions"): Start, Update, animation, LateUpdate, then what was destroyed goes.</summary>
    public static class World
    {
        public static readonly List<string> Errors = new List<string>();
        public static readonly List<string> Warnings = new List<string>();

        /// <summary>Runs where animators write, between Update and LateUpdate.</summary>
        public static Action Animation;

        internal static readonly List<GameObject> Objects = new List<GameObject>();
        internal static readonly List<Object> Assets = new List<Object>();
        private static readonly List<MonoBehaviour> s_Scripts = new List<MonoBehaviour>();
        private static readonly List<Object> s_Doomed = new List<Object>();

        internal static T Message<T>(object target, string method) where T : class
        {
            for (var type = target.GetType(); type != null; type = type.BaseType)
            {
                var found = type.GetMethod(method, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
                if (found != null)
                    return (T)(object)Delegate.CreateDelegate(typeof(T), target, found);
            }
            return null;
        }

        /// <summary>Calls a message; the engine logs an exception and goes on.</summary>
        internal static void Call(Action message)
        {
            if (message == null)
                return;
            try
            {
                message();
            }
            catch (Exception exception)
            {
                Errors.Add(exception.ToString());
            }
        }

        internal static void Added(Component made)
        {
            var script = made as MonoBehaviour;
            var source = made as AudioSource;
            if (source != null)
                Sound.Sources.Add(source);
            if (script == null)
                return;
            script.SimBind();
            var at = s_Scripts.FindIndex(one => one.SimOrder > script.SimOrder);
            s_Scripts.Insert(at < 0 ? s_Scripts.Count : at, script);
            script.SimRefresh();
        }

        /// <summary>One frame of the game.</summary>
        public static void Frame(float seconds)
        {
            Time.SimNext(seconds);
            for (var i = 0; i < s_Scripts.Count; i++)
                s_Scripts[i].SimBegin();
            for (var i = 0; i < s_Scripts.Count; i++)
                if (s_Scripts[i].SimLive)
                    Call(s_Scripts[i].SimUpdate);
            MainThread.Run();
            if (Animation != null)
                Animation();
            for (var i = 0; i < s_Scripts.Count; i++)
                if (s_Scripts[i].SimLive)
                    Call(s_Scripts[i].SimLateUpdate);
            for (var i = 0; i < s_Doomed.Count; i++)
                DestroyNow(s_Doomed[i]);
            s_Doomed.Clear();
        }

        /// <summary>Frames with the audio that belongs to them, on one thread.</summary>
        public static void Play(double seconds, float frame = 1 / 60f, Action each = null)
        {
            for (var time = 0.0; time < seconds - 1e-9; time += frame)
            {
                Sound.Advance(frame);
                Frame(frame);
                if (each != null)
                    each();
            }
        }

        internal static void DestroyLater(Object target)
        {
            s_Doomed.Add(target);
        }

        internal static void DestroyNow(Object target)
        {
            if (ReferenceEquals(target, null) || target.SimGone)
                return;
            var whole = target as GameObject;
            var part = target as Component;
            if (whole != null)
            {
                foreach (var child in whole.SimTransform.SimChildren.ToArray())
                    DestroyNow(child.SimOwner);
                foreach (var one in whole.SimComponents.ToArray())
                    DestroyNow(one);
                if (whole.SimTransform.SimParent != null)
                    whole.SimTransform.SimParent.SimChildren.Remove(whole.SimTransform);
                Objects.Remove(whole);
            }
            else if (part != null)
            {
                var script = part as MonoBehaviour;
                if (script != null)
                {
                    script.SimEnd();
                    s_Scripts.Remove(script);
                }
                Sound.Sources.Remove(part as AudioSource);
            }
            else
            {
                Call(Message<Action>(target, "OnDisable"));
                Call(Message<Action>(target, "OnDestroy"));
                Assets.Remove(target);
            }
            target.SimGone = true;
        }

        internal static GameObject Copy(GameObject from)
        {
            var made = new GameObject(from.name + "(Clone)");
            foreach (var part in from.SimComponents)
            {
                var skin = part as SkinnedMeshRenderer;
                if (skin != null)
                    made.AddComponent<SkinnedMeshRenderer>().sharedMesh = skin.sharedMesh;
                else if (!(part is Transform))
                    throw new NotSupportedException("the simulated engine copies skinned meshes only, not " + part.GetType().Name);
            }
            foreach (var child in from.SimTransform.SimChildren)
                Copy(child.SimOwner).transform.SetParent(made.transform, false);
            return made;
        }

        internal static T[] All<T>() where T : Object
        {
            var found = new List<T>();
            foreach (var item in Objects)
                foreach (var one in item.SimComponents)
                    if (one is T)
                        found.Add((T)(object)one);
            return found.ToArray();
        }

        /// <summary>Destroys the active scene's objects, and says so.</summary>
        public static void UnloadScene()
        {
            SceneManager.SimUnloading = true;
            foreach (var item in Objects.ToArray())
                if (!item.SimKept)
                    DestroyNow(item);
            SceneManager.SimUnloading = false;
            SceneManager.SimUnload();
        }

        /// <summary>Play begins; the domain is not reloaded, so statics are as they were.</summary>
        public static void EnterPlay(params Assembly[] scripts)
        {
            Application.SimPlaying = true;
            foreach (var script in scripts)
                foreach (var type in script.GetTypes())
                    foreach (var method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                        if (method.IsDefined(typeof(RuntimeInitializeOnLoadMethodAttribute), false))
                            method.Invoke(null, null);
        }

        /// <summary>Play ends: scripts are disabled and destroyed, kept objects too.</summary>
        public static void ExitPlay()
        {
            Application.SimQuit();
            foreach (var item in Objects.ToArray())
                DestroyNow(item);
            Application.SimPlaying = false;
        }

        /// <summary>A reload of scripts as scripts see it: OnDisable, then fields come back as the editor keeps them
        /// (simple values, texts never null, engine objects, serializable classes), all others lost.</summary>
        public static void DisableAll()
        {
            foreach (var script in s_Scripts.ToArray())
            {
                script.SimReload();
                for (var type = script.GetType(); type != typeof(MonoBehaviour); type = type.BaseType)
                    foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                        if (!field.IsInitOnly && !field.Name.Contains("<"))
                            field.SetValue(script, Kept(field.FieldType, field.GetValue(script)));
            }
        }

        private static object Kept(Type type, object value)
        {
            if (type == typeof(string))
                return value ?? "";
            var plain = type.IsValueType || typeof(Object).IsAssignableFrom(type) || type.IsArray || type.IsGenericType;
            return plain || type.IsSerializable ? value : null;
        }

        /// <summary>What they hear after it: OnEnable.</summary>
        public static void EnableAll()
        {
            foreach (var script in s_Scripts.ToArray())
                script.SimRefresh();
        }
    }
}

namespace UnityEngine
{
    public static partial class Time
    {
        internal static double SimTime, SimUnscaled;
        internal static float SimDelta;
        internal static int SimFrame;

        static Time()
        {
            timeScale = 1;
        }

        internal static void SimNext(float seconds)
        {
            SimDelta = seconds;
            SimTime += seconds * timeScale;
            SimUnscaled += seconds;
            SimFrame++;
        }
    }

    public static partial class Debug
    {
        private static void SimLog(string level, object message)
        {
            if (level == "error")
                Simulation.World.Errors.Add(message.ToString());
            else if (level == "warning")
                Simulation.World.Warnings.Add(message.ToString());
        }
    }

    public sealed partial class Resources
    {
        private static T[] SimLoadAll<T>(string path) where T : Object
        {
            var found = new List<T>();
            var folder = Environment.GetEnvironmentVariable("TALKFACE_TEST_RESOURCES");
            foreach (var file in System.IO.Directory.GetFiles(System.IO.Path.Combine(folder, path)))
                if (!file.EndsWith(".meta"))
                    found.Add((T)(Object)new TextAsset(System.IO.File.ReadAllText(file)) { name = System.IO.Path.GetFileNameWithoutExtension(file) });
            return found.ToArray();
        }
    }

    public static partial class Application
    {
        internal static bool SimPlaying = true;
        internal static string SimStreamingAssets = Environment.GetEnvironmentVariable("TALKFACE_TEST_STREAMING_ASSETS") ?? "";
        private static Action SimQuitting;

        internal static void SimQuit()
        {
            if (SimQuitting != null)
                SimQuitting();
        }
    }
}

namespace UnityEngine.SceneManagement
{
    public partial struct Scene
    {
        internal int SimHandle;

        private bool SimLoaded
        {
            get { return !SceneManager.SimUnloading; }
        }

        private string SimName
        {
            get { return "Scene" + SimHandle; }
        }
    }

    public static partial class SceneManager
    {
        private static Events.UnityAction<Scene> SimUnloaded;
        internal static bool SimUnloading;
        private static Scene SimActive = new Scene { SimHandle = 1 };

        internal static void SimUnload()
        {
            var gone = SimActive;
            SimActive.SimHandle++;
            if (SimUnloaded != null)
                SimUnloaded(gone);
        }
    }
}

namespace UnityEngine.Events
{
    public partial class UnityEvent
    {
        private UnityAction SimCalls;

        private void SimInvoke()
        {
            if (SimCalls != null)
                SimCalls();
        }
    }

    public partial class UnityEvent<T0>
    {
        private UnityAction<T0> SimCalls;

        private void SimInvoke(T0 a)
        {
            if (SimCalls != null)
                SimCalls(a);
        }
    }

    public partial class UnityEvent<T0, T1>
    {
        private UnityAction<T0, T1> SimCalls;

        private void SimInvoke(T0 a, T1 b)
        {
            if (SimCalls != null)
                SimCalls(a, b);
        }
    }
}
