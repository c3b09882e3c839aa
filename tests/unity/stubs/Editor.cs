// Pages: https://docs.unity3d.com/ScriptReference/
using System;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityEditor
{
    public class Editor : ScriptableObject // Editor.html
    {
        public Object target { get; internal set; } // Editor-target.html
        public SerializedObject serializedObject { get { throw Stub.Called; } } // Editor-serializedObject.html
        public virtual void OnInspectorGUI() { } // Editor.OnInspectorGUI.html
        public virtual bool RequiresConstantRepaint() { return false; } // Editor.RequiresConstantRepaint.html
        public bool DrawDefaultInspector() { throw Stub.Called; } // Editor.DrawDefaultInspector.html
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class CustomEditor : Attribute // CustomEditor.html
    {
        public CustomEditor(Type inspectedType) { } // CustomEditor-ctor.html
    }

    public sealed class SerializedObject // SerializedObject.html
    {
        internal SerializedObject() { }
        public void Update() { throw Stub.Called; } // SerializedObject.Update.html
        public bool ApplyModifiedProperties() { throw Stub.Called; } // SerializedObject.ApplyModifiedProperties.html
        public SerializedProperty FindProperty(string propertyPath) { throw Stub.Called; } // SerializedObject.FindProperty.html
    }

    public sealed class SerializedProperty // SerializedProperty.html
    {
        internal SerializedProperty() { }
        public float floatValue { get { throw Stub.Called; } set { throw Stub.Called; } } // SerializedProperty-floatValue.html
        public int arraySize { get { throw Stub.Called; } set { throw Stub.Called; } } // SerializedProperty-arraySize.html
        public SerializedProperty GetArrayElementAtIndex(int index) { throw Stub.Called; } // SerializedProperty.GetArrayElementAtIndex.html
    }

    [AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
    public sealed class MenuItem : Attribute // MenuItem.html
    {
        public MenuItem(string itemName) { } // MenuItem-ctor.html
        public MenuItem(string itemName, bool isValidateFunction) { } // MenuItem-ctor.html
        public MenuItem(string itemName, bool isValidateFunction, int priority) { } // MenuItem-ctor.html
    }

    [AttributeUsage(AttributeTargets.Method)]
    public class InitializeOnLoadMethodAttribute : Attribute // InitializeOnLoadMethodAttribute.html
    {
    }

    public enum PlayModeStateChange // PlayModeStateChange.html
    {
        EnteredEditMode, ExitingEditMode, EnteredPlayMode, ExitingPlayMode
    }

    public static partial class EditorApplication // EditorApplication.html
    {
        public static event Action<PlayModeStateChange> playModeStateChanged { add { SimPlayMode += value; } remove { SimPlayMode -= value; } } // EditorApplication-playModeStateChanged.html
    }

    public static partial class AssemblyReloadEvents // AssemblyReloadEvents.html
    {
        public delegate void AssemblyReloadCallback(); // AssemblyReloadEvents.AssemblyReloadCallback.html
        public static event AssemblyReloadCallback beforeAssemblyReload { add { SimBefore += value; } remove { SimBefore -= value; } } // AssemblyReloadEvents-beforeAssemblyReload.html
    }

    public static partial class Selection // Selection.html
    {
        public static T[] GetFiltered<T>(SelectionMode mode) { return SimFiltered<T>(mode); } // Selection.GetFiltered.html
        public static Object activeObject { get { return SimActive; } set { SimActive = value; } } // Selection-activeObject.html
    }

    [Flags]
    public enum SelectionMode // SelectionMode.html
    {
        Unfiltered = 0, TopLevel = 1, Deep = 2, ExcludePrefab = 4, Editable = 8, Assets = 16, DeepAssets = 32
    }

    public static partial class AssetDatabase // AssetDatabase.html
    {
        public static void CreateAsset(Object asset, string path) { SimSave(asset, path); } // AssetDatabase.CreateAsset.html
        public static string GetAssetPath(Object assetObject) { return SimPath(assetObject); } // AssetDatabase.GetAssetPath.html
        public static T LoadAssetAtPath<T>(string assetPath) where T : Object { return SimLoad<T>(assetPath); } // AssetDatabase.LoadAssetAtPath.html
        public static string[] FindAssets(string filter, string[] searchInFolders) { return SimSearch(filter, searchInFolders); } // AssetDatabase.FindAssets.html
        public static string[] FindAssets(string filter) { return SimSearch(filter, new[] { "" }); } // AssetDatabase.FindAssets.html
        public static string GUIDToAssetPath(string guid) { return guid; } // AssetDatabase.GUIDToAssetPath.html
        public static string GenerateUniqueAssetPath(string path) { return SimUnique(path); } // AssetDatabase.GenerateUniqueAssetPath.html
        public static void SaveAssets() { } // AssetDatabase.SaveAssets.html
        public static void Refresh() { } // AssetDatabase.Refresh.html
    }

    public static partial class EditorUtility // EditorUtility.html
    {
        public static bool DisplayCancelableProgressBar(string title, string info, float progress) { return SimProgress(title, info, progress); } // EditorUtility.DisplayCancelableProgressBar.html
        public static void ClearProgressBar() { SimClear(); } // EditorUtility.ClearProgressBar.html
        public static bool DisplayDialog(string title, string message, string ok) { return SimDialog(title, message); } // EditorUtility.DisplayDialog.html
        public static void SetDirty(Object target) { } // EditorUtility.SetDirty.html
        public static void CopySerialized(Object source, Object dest) { SimCopy(source, dest); } // EditorUtility.CopySerialized.html
    }

    public static class Undo // Undo.html
    {
        public static void RecordObject(Object objectToUndo, string name) { } // Undo.RecordObject.html
    }

    public struct EditorCurveBinding // EditorCurveBinding.html
    {
        public string path, propertyName; // EditorCurveBinding-path.html EditorCurveBinding-propertyName.html
        public Type type { get; private set; } // EditorCurveBinding-type.html
        public static EditorCurveBinding FloatCurve(string inPath, Type inType, string inPropertyName) { return new EditorCurveBinding { path = inPath, type = inType, propertyName = inPropertyName }; } // EditorCurveBinding.FloatCurve.html
    }

    public static partial class AnimationUtility // AnimationUtility.html
    {
        public enum TangentMode // AnimationUtility.TangentMode.html
        {
            Free, Auto, Linear, Constant, ClampedAuto
        }

        public static void SetEditorCurve(AnimationClip clip, EditorCurveBinding binding, AnimationCurve curve) { SimSetCurve(clip, binding, curve); } // AnimationUtility.SetEditorCurve.html
        public static AnimationCurve GetEditorCurve(AnimationClip clip, EditorCurveBinding binding) { return SimGetCurve(clip, binding); } // AnimationUtility.GetEditorCurve.html
        public static EditorCurveBinding[] GetCurveBindings(AnimationClip clip) { return SimBindings(clip); } // AnimationUtility.GetCurveBindings.html
        public static string CalculateTransformPath(Transform targetTransform, Transform root) { return SimRelative(targetTransform, root); } // AnimationUtility.CalculateTransformPath.html
    }
}
