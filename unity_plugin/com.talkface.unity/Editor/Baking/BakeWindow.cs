using UnityEditor;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>For whom and how the menu bakes.</summary>
    public sealed class BakeWindow : EditorWindow
    {
        [MenuItem("Window/TalkFace/Bake Settings")]
        public static void Open()
        {
            GetWindow<BakeWindow>("TalkFace Bake").Show();
        }

        private void OnGUI()
        {
            BakeMenu.Character = (TalkFaceDriver)EditorGUILayout.ObjectField(
                "Character", BakeMenu.Character, typeof(TalkFaceDriver), true);
            BakeMenu.FrameRate = Mathf.Max(1, (int)EditorGUILayout.FloatField("Frames a second", BakeMenu.FrameRate));
            BakeMenu.MaxError = Mathf.Max(0, EditorGUILayout.FloatField("Largest error", BakeMenu.MaxError));
            EditorGUILayout.HelpBox(
                BakeMenu.Character == null
                    ? "Without a character, clips are for a mesh with ARKit's names on the animated object itself."
                    : "Clips are for this character's blendshapes, head and eyes, relative to its driver's object.",
                MessageType.Info);
            EditorGUI.BeginDisabledGroup(!BakeMenu.CanBake());
            if (GUILayout.Button("Bake selected sounds to AnimationClips"))
            {
                BakeMenu.BakeClips();
            }
            if (GUILayout.Button("Bake selected sounds for Timeline"))
            {
                BakeMenu.BakeFaces();
            }
            EditorGUI.EndDisabledGroup();
        }
    }
}
