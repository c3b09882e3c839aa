using UnityEditor;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>The crowd's inspector: what is wrong, and what runs.</summary>
    [CustomEditor(typeof(TalkFaceCrowd))]
    public sealed class TalkFaceCrowdEditor : UnityEditor.Editor
    {
        public override bool RequiresConstantRepaint()
        {
            return Application.isPlaying;
        }

        public override void OnInspectorGUI()
        {
            TalkFaceCrowd crowd = (TalkFaceCrowd)target;
            if (crowd.Problem != null)
            {
                EditorGUILayout.HelpBox(crowd.Problem, MessageType.Error);
            }
            else if (crowd.IsLoading)
            {
                EditorGUILayout.HelpBox("The model is being opened.", MessageType.Info);
            }
            DrawDefaultInspector();
            if (crowd.IsOpen)
            {
                FaceCrowdStats stats = crowd.Stats;
                EditorGUILayout.LabelField("Voices", stats.Streams + ", of them asleep " + stats.Asleep);
                EditorGUILayout.LabelField("Frames made", stats.Frames.ToString());
                EditorGUILayout.LabelField("Steps that wait", stats.BacklogSteps.ToString());
            }
        }
    }
}
