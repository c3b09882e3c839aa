// Pages: https://docs.unity3d.com/ScriptReference/
// Behaviour stands in tests/unity/loop/engine (the private parts named Sim...).
using System;
using System.Collections;
using System.Collections.Generic;

namespace UnityEngine
{
    public partial class Object // Object.html
    {
        public string name { get; set; } // Object-name.html
        public HideFlags hideFlags { get; set; } // Object-hideFlags.html
        public int GetInstanceID() { return SimId; } // Object.GetInstanceID.html
        public override int GetHashCode() { return SimId; } // Object.html
        public override bool Equals(object other) { return SimSame(this, other as Object); } // Object.html
        public override string ToString() { return name ?? ""; } // Object.ToString.html
        public static implicit operator bool(Object exists) { return !SimSame(exists, null); } // Object-operator_Object.html
        public static bool operator ==(Object x, Object y) { return SimSame(x, y); } // Object-operator_eq.html
        public static bool operator !=(Object x, Object y) { return !SimSame(x, y); } // Object-operator_ne.html
        public static void Destroy(Object obj) { SimDestroy(obj, false); } // Object.Destroy.html
        public static void DestroyImmediate(Object obj) { SimDestroy(obj, true); } // Object.DestroyImmediate.html
        public static void DontDestroyOnLoad(Object target) { SimKeep(target); } // Object.DontDestroyOnLoad.html
        public static T Instantiate<T>(T original) where T : Object { return SimCopy(original); } // Object.Instantiate.html
        public static T[] FindObjectsOfType<T>() where T : Object { return SimFind<T>(); } // Object.FindObjectsOfType.html
    }

    public enum HideFlags // HideFlags.html
    {
        None = 0, HideInHierarchy = 1, HideInInspector = 2, DontSaveInEditor = 4, NotEditable = 8,
        DontSaveInBuild = 16, DontUnloadUnusedAsset = 32, DontSave = 52, HideAndDontSave = 61
    }

    public partial class Component : Object // Component.html
    {
        public GameObject gameObject { get { return SimOwner; } } // Component-gameObject.html
        public Transform transform { get { return SimOwner.transform; } } // Component-transform.html
        public T GetComponent<T>() { return SimOwner.GetComponent<T>(); } // Component.GetComponent.html
        public T GetComponentInChildren<T>(bool includeInactive = false) { return SimOwner.GetComponentInChildren<T>(includeInactive); } // Component.GetComponentInChildren.html
        public T GetComponentInParent<T>(bool includeInactive = false) { return SimOwner.GetComponentInParent<T>(includeInactive); } // Component.GetComponentInParent.html
        public T[] GetComponentsInChildren<T>(bool includeInactive) { return SimOwner.GetComponentsInChildren<T>(includeInactive); } // Component.GetComponentsInChildren.html
    }

    public partial class Behaviour : Component // Behaviour.html
    {
        public bool enabled { get { return SimEnabled; } set { SimEnable(value); } } // Behaviour-enabled.html
        public bool isActiveAndEnabled { get { return SimActive; } } // Behaviour-isActiveAndEnabled.html
    }

    public partial class MonoBehaviour : Behaviour // MonoBehaviour.html
    {
    }

    public partial class ScriptableObject : Object // ScriptableObject.html
    {
        public static T CreateInstance<T>() where T : ScriptableObject { return SimCreate<T>(); } // ScriptableObject.CreateInstance.html
    }

    public sealed partial class GameObject : Object // GameObject.html
    {
        public GameObject() { SimConstruct("New Game Object"); } // GameObject-ctor.html
        public GameObject(string name) { SimConstruct(name); } // GameObject-ctor.html
        public GameObject(string name, params Type[] components) { SimConstruct(name, components); } // GameObject-ctor.html
        public Transform transform { get { return SimTransform; } } // GameObject-transform.html
        public string tag { get; set; } // GameObject-tag.html
        public bool activeInHierarchy { get { return SimActiveInHierarchy; } } // GameObject-activeInHierarchy.html
        public SceneManagement.Scene scene { get { return SimScene; } } // GameObject-scene.html
        public void SetActive(bool value) { SimSetActive(value); } // GameObject.SetActive.html
        public T AddComponent<T>() where T : Component { return (T)SimAdd(typeof(T)); } // GameObject.AddComponent.html
        public Component AddComponent(Type componentType) { return SimAdd(componentType); } // GameObject.AddComponent.html
        public T GetComponent<T>() { return SimGet<T>(); } // GameObject.GetComponent.html
        public T GetComponentInChildren<T>(bool includeInactive = false) { return SimGetBelow<T>(includeInactive); } // GameObject.GetComponentInChildren.html
        public T GetComponentInParent<T>(bool includeInactive = false) { return SimGetAbove<T>(includeInactive); } // GameObject.GetComponentInParent.html
        public T[] GetComponentsInChildren<T>(bool includeInactive) { return SimGetAll<T>(includeInactive); } // GameObject.GetComponentsInChildren.html
    }

    public partial class Transform : Component, IEnumerable // Transform.html
    {
        public Vector3 localPosition { get; set; } // Transform-localPosition.html
        public Quaternion localRotation { get; set; } // Transform-localRotation.html
        public Vector3 localScale { get; set; } // Transform-localScale.html
        public Vector3 position { get { return SimPosition; } set { SimPosition = value; } } // Transform-position.html
        public Quaternion rotation { get { return SimRotation; } set { SimRotation = value; } } // Transform-rotation.html
        public Transform parent { get { return SimParent; } set { SimSetParent(value); } } // Transform-parent.html
        public Transform root { get { return SimParent == null ? this : SimParent.root; } } // Transform-root.html
        public void SetParent(Transform parent, bool worldPositionStays) { SimSetParent(parent); } // Transform.SetParent.html
        public Transform Find(string n) { return SimChildren.Find(child => child.name == n); } // Transform.Find.html
        public IEnumerator GetEnumerator() { return SimChildren.GetEnumerator(); } // Transform.html
    }

    public abstract class CustomYieldInstruction : IEnumerator // CustomYieldInstruction.html
    {
        public abstract bool keepWaiting { get; } // CustomYieldInstruction-keepWaiting.html
        object IEnumerator.Current { get { return null; } }
        bool IEnumerator.MoveNext() { return keepWaiting; }
        void IEnumerator.Reset() { }
    }

    public class TextAsset : Object // TextAsset.html
    {
        public TextAsset(string text) { this.text = text; } // TextAsset-ctor.html
        public string text { get; private set; } // TextAsset-text.html
        public byte[] bytes { get { return System.Text.Encoding.UTF8.GetBytes(text); } } // TextAsset-bytes.html
    }

    public sealed partial class Resources // Resources.html
    {
        public static T[] LoadAll<T>(string path) where T : Object { return SimLoadAll<T>(path); } // Resources.LoadAll.html
    }

    public static partial class Application // Application.html
    {
        public static bool isPlaying { get { return SimPlaying; } } // Application-isPlaying.html
        public static string streamingAssetsPath { get { return SimStreamingAssets; } } // Application-streamingAssetsPath.html
        public static RuntimePlatform platform { get { return RuntimePlatform.LinuxEditor; } } // Application-platform.html
        public static event Action quitting { add { SimQuitting += value; } remove { SimQuitting -= value; } } // Application-quitting.html
    }

    public enum RuntimePlatform // RuntimePlatform.html
    {
        OSXEditor = 0, OSXPlayer = 1, WindowsPlayer = 2, WindowsEditor = 7, IPhonePlayer = 8,
        Android = 11, LinuxPlayer = 13, LinuxEditor = 16, WebGLPlayer = 17
    }

    public static partial class Time // Time.html
    {
        public static float time { get { return (float)SimTime; } } // Time-time.html
        public static float deltaTime { get { return SimDelta * timeScale; } } // Time-deltaTime.html
        public static float unscaledDeltaTime { get { return SimDelta; } } // Time-unscaledDeltaTime.html
        public static float timeScale { get; set; } // Time-timeScale.html
        public static int frameCount { get { return SimFrame; } } // Time-frameCount.html
    }

    public static partial class Debug // Debug.html
    {
        public static void Log(object message) { SimLog("log", message); } // Debug.Log.html
        public static void LogWarning(object message, Object context) { SimLog("warning", message); } // Debug.LogWarning.html
        public static void LogError(object message, Object context) { SimLog("error", message); } // Debug.LogError.html
        public static void LogException(Exception exception, Object context) { SimLog("error", exception); } // Debug.LogException.html
    }
}

namespace UnityEngine.SceneManagement
{
    public partial struct Scene // SceneManagement.Scene.html
    {
        public string name { get { return SimName; } } // SceneManagement.Scene-name.html
        public bool isLoaded { get { return SimLoaded; } } // SceneManagement.Scene-isLoaded.html
        public bool IsValid() { return SimHandle != 0; } // SceneManagement.Scene.IsValid.html
        public static bool operator ==(Scene lhs, Scene rhs) { return lhs.SimHandle == rhs.SimHandle; } // SceneManagement.Scene.html
        public static bool operator !=(Scene lhs, Scene rhs) { return lhs.SimHandle != rhs.SimHandle; } // SceneManagement.Scene.html
        public override int GetHashCode() { return SimHandle; } // SceneManagement.Scene.html
        public override bool Equals(object other) { return other is Scene && (Scene)other == this; } // SceneManagement.Scene.html
    }

    public static partial class SceneManager // SceneManagement.SceneManager.html
    {
        public static Scene GetActiveScene() { return SimActive; } // SceneManagement.SceneManager.GetActiveScene.html
        public static event Events.UnityAction<Scene> sceneUnloaded { add { SimUnloaded += value; } remove { SimUnloaded -= value; } } // SceneManagement.SceneManager-sceneUnloaded.html
    }
}
