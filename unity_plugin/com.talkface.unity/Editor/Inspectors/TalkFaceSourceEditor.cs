using UnityEditor;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>The source's inspector: emotions by name, what is wrong, and what runs.</summary>
    [CustomEditor(typeof(TalkFaceSource))]
    public sealed class TalkFaceSourceEditor : UnityEditor.Editor
    {
        private bool showEmotion;

        public override bool RequiresConstantRepaint()
        {
            return Application.isPlaying;
        }

        public override void OnInspectorGUI()
        {
            TalkFaceSource source = (TalkFaceSource)target;
            if (source.Problem != null)
            {
                EditorGUILayout.HelpBox(source.Problem, MessageType.Error);
            }
            else if (source.IsLoading)
            {
                EditorGUILayout.HelpBox("The model is being opened; what is pushed waits.", MessageType.Info);
            }
            DrawDefaultInspector();
            serializedObject.Update();
            showEmotion = EditorGUILayout.Foldout(showEmotion, "Emotion shares by name", true);
            if (showEmotion)
            {
                Emotions(serializedObject.FindProperty("emotion"));
            }
            serializedObject.ApplyModifiedProperties();
            if (Application.isPlaying && source.Stream != null)
            {
                Running(source);
            }
        }

        private static void Emotions(SerializedProperty shares)
        {
            for (int i = 0; i < shares.arraySize && i < Names.Emotions.Length; i++)
            {
                SerializedProperty share = shares.GetArrayElementAtIndex(i);
                share.floatValue = EditorGUILayout.Slider(
                    new GUIContent(Names.Emotions[i], "share of the mix; all together at most 1"), share.floatValue, 0, 1);
            }
        }

        private static void Running(TalkFaceSource source)
        {
            FaceStreamStats stats = source.Stream.Stats;
            EditorGUILayout.LabelField("Latency", (source.Stream.LatencySeconds * 1000).ToString("0") + " ms");
            EditorGUILayout.LabelField("Frames made", stats.Frames.ToString());
            EditorGUILayout.LabelField("Audio refused", stats.RefusedSamples + " samples");
            EditorGUILayout.LabelField("Speaking", source.IsSpeaking ? "yes" : stats.Asleep ? "asleep" : "no");
            int strongest = 0;
            for (int i = 1; i < Names.Emotions.Length; i++)
            {
                strongest = source.ShownEmotion(i) > source.ShownEmotion(strongest) ? i : strongest;
            }
            EditorGUILayout.LabelField("Emotion", Names.Emotions[strongest] + " " + source.ShownEmotion(strongest).ToString("0.00"));
            EditorGUILayout.LabelField("Native objects", TalkFaceRuntime.NativeObjects.ToString());
        }
    }
}
