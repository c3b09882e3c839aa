using UnityEditor;

namespace TalkFace.Unity.Editor
{
    /// <summary>Closes native objects when the editor leaves play mode or reloads scripts.</summary>
    public static class TalkFaceEditorHooks
    {
        [InitializeOnLoadMethod]
        private static void Watch()
        {
            EditorApplication.playModeStateChanged -= PlayModeChanged;
            EditorApplication.playModeStateChanged += PlayModeChanged;
            AssemblyReloadEvents.beforeAssemblyReload -= TalkFaceRuntime.Shutdown;
            AssemblyReloadEvents.beforeAssemblyReload += TalkFaceRuntime.Shutdown;
        }

        private static void PlayModeChanged(PlayModeStateChange change)
        {
            if (change == PlayModeStateChange.EnteredEditMode)
            {
                TalkFaceRuntime.Shutdown();
            }
        }
    }
}
