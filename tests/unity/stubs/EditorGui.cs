// Pages: https://docs.unity3d.com/ScriptReference/
using System;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityEngine
{
    public class GUIContent // GUIContent.html
    {
        public GUIContent(string text, string tooltip) { } // GUIContent-ctor.html
    }

    public sealed class GUILayoutOption // GUILayoutOption.html
    {
        internal GUILayoutOption() { }
    }

    public class GUILayout // GUILayout.html
    {
        public static bool Button(string text, params GUILayoutOption[] options) { throw Stub.Called; } // GUILayout.Button.html
    }

}

namespace UnityEditor
{
    public enum MessageType // MessageType.html
    {
        None, Info, Warning, Error
    }

    public class EditorGUILayout // EditorGUILayout.html
    {
        public static void HelpBox(string message, MessageType type) { throw Stub.Called; } // EditorGUILayout.HelpBox.html
        public static void LabelField(string label, params GUILayoutOption[] options) { throw Stub.Called; } // EditorGUILayout.LabelField.html
        public static void LabelField(string label, string label2, params GUILayoutOption[] options) { throw Stub.Called; } // EditorGUILayout.LabelField.html
        public static bool Foldout(bool foldout, string content, bool toggleOnLabelClick) { throw Stub.Called; } // EditorGUILayout.Foldout.html
        public static float Slider(GUIContent label, float value, float leftValue, float rightValue, params GUILayoutOption[] options) { throw Stub.Called; } // EditorGUILayout.Slider.html
        public static Object ObjectField(string label, Object obj, Type objType, bool allowSceneObjects, params GUILayoutOption[] options) { throw Stub.Called; } // EditorGUILayout.ObjectField.html
        public static float FloatField(string label, float value, params GUILayoutOption[] options) { throw Stub.Called; } // EditorGUILayout.FloatField.html
        public static void Space() { throw Stub.Called; } // EditorGUILayout.Space.html
        public static Rect GetControlRect(bool hasLabel, float height, params GUILayoutOption[] options) { throw Stub.Called; } // EditorGUILayout.GetControlRect.html
    }

    public sealed class EditorGUI // EditorGUI.html
    {
        internal EditorGUI() { }
        public static int indentLevel { get; set; } // EditorGUI-indentLevel.html
        public static void BeginDisabledGroup(bool disabled) { throw Stub.Called; } // EditorGUI.BeginDisabledGroup.html
        public static void EndDisabledGroup() { throw Stub.Called; } // EditorGUI.EndDisabledGroup.html
        public static void DrawRect(Rect rect, Color color) { throw Stub.Called; } // EditorGUI.DrawRect.html
    }

    public sealed class Handles // Handles.html
    {
        internal Handles() { }
        public static Color color { get { throw Stub.Called; } set { throw Stub.Called; } } // Handles-color.html
        public static void DrawAAPolyLine(float width, int actualNumberOfPoints, params Vector3[] points) { throw Stub.Called; } // Handles.DrawAAPolyLine.html
    }

    public class EditorWindow : ScriptableObject // EditorWindow.html
    {
        public static T GetWindow<T>(string title) where T : EditorWindow { throw Stub.Called; } // EditorWindow.GetWindow.html
        public void Show() { throw Stub.Called; } // EditorWindow.Show.html
    }
}

namespace UnityEditor.SceneManagement
{
    public enum NewSceneSetup // SceneManagement.NewSceneSetup.html
    {
        EmptyScene, DefaultGameObjects
    }

    public enum NewSceneMode // SceneManagement.NewSceneMode.html
    {
        Single, Additive
    }

    public sealed class EditorSceneManager // SceneManagement.EditorSceneManager.html
    {
        internal EditorSceneManager() { }
        public static UnityEngine.SceneManagement.Scene NewScene(NewSceneSetup setup, NewSceneMode mode) { return UnityEngine.SceneManagement.SceneManager.GetActiveScene(); } // SceneManagement.EditorSceneManager.NewScene.html
        public static bool SaveCurrentModifiedScenesIfUserWantsTo() { return true; } // SceneManagement.EditorSceneManager.SaveCurrentModifiedScenesIfUserWantsTo.html
        public static bool MarkSceneDirty(UnityEngine.SceneManagement.Scene scene) { return true; } // SceneManagement.EditorSceneManager.MarkSceneDirty.html
    }
}

namespace UnityEditor.PackageManager
{
    public partial class PackageInfo // PackageManager.PackageInfo.html
    {
        internal PackageInfo() { }
        public string resolvedPath { get { return SimPath; } } // PackageManager.PackageInfo-resolvedPath.html
        public static PackageInfo FindForAssembly(System.Reflection.Assembly assembly) { return new PackageInfo(); } // PackageManager.PackageInfo.FindForAssembly.html
    }
}

namespace UnityEditor.AssetImporters
{
    public abstract partial class ScriptedImporter : AssetImporter // AssetImporters.ScriptedImporter.html
    {
        public abstract void OnImportAsset(AssetImportContext ctx); // AssetImporters.ScriptedImporter.OnImportAsset.html
    }

    [AttributeUsage(AttributeTargets.Class)]
    public class ScriptedImporterAttribute : Attribute // AssetImporters.ScriptedImporterAttribute.html
    {
        public ScriptedImporterAttribute(int version, string ext) { } // AssetImporters.ScriptedImporterAttribute-ctor.html
    }

    public partial class AssetImportContext // AssetImporters.AssetImportContext.html
    {
        public string assetPath { get { return SimPath; } } // AssetImporters.AssetImportContext-assetPath.html
        public void AddObjectToAsset(string identifier, Object obj) { SimObjects.Add(obj); } // AssetImporters.AssetImportContext.AddObjectToAsset.html
        public void SetMainObject(Object obj) { SimMain = obj; } // AssetImporters.AssetImportContext.SetMainObject.html
        public void LogImportError(string msg) { SimErrors.Add(msg); } // AssetImporters.AssetImportContext.LogImportError.html
    }
}

namespace UnityEditor
{
    public class AssetImporter : Object // AssetImporter.html
    {
        public string assetPath { get; internal set; } // AssetImporter-assetPath.html
    }
}
