using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>The rig map's inspector: rows, auto-fill from a character, and whether it is a map.</summary>
    [CustomEditor(typeof(RigMapAsset))]
    public sealed class RigMapAssetEditor : UnityEditor.Editor
    {
        private GameObject character;
        private string said;

        public override void OnInspectorGUI()
        {
            RigMapAsset map = (RigMapAsset)target;
            character = (GameObject)EditorGUILayout.ObjectField("Character", character, typeof(GameObject), true);
            EditorGUI.BeginDisabledGroup(character == null);
            if (GUILayout.Button("Auto-fill"))
            {
                Undo.RecordObject(map, "Auto-fill rig map");
                said = Fill(map, character);
                EditorUtility.SetDirty(map);
            }
            EditorGUI.EndDisabledGroup();
            EditorGUILayout.HelpBox(string.IsNullOrEmpty(said) ? Check(map) : said, MessageType.Info);
            DrawDefaultInspector();
        }

        /// <summary>Auto-fills from all blendshapes of a character; says how many were known.</summary>
        public static string Fill(RigMapAsset map, GameObject from)
        {
            List<string> names = new List<string>();
            foreach (SkinnedMeshRenderer renderer in from.GetComponentsInChildren<SkinnedMeshRenderer>(true))
            {
                for (int i = 0; renderer.sharedMesh != null && i < renderer.sharedMesh.blendShapeCount; i++)
                {
                    names.Add(renderer.sharedMesh.GetBlendShapeName(i));
                }
            }
            int known = map.AutoFill(names);
            return known + " of " + map.Rows.Count + " blendshapes are filled in; give the others their sources by hand.";
        }

        /// <summary>What is wrong with the map, or how many rows it drives.</summary>
        public static string Check(RigMapAsset map)
        {
            try
            {
                RigMapData made = map.ToMap();
                return made.DrivenCount + " of " + made.Rows.Length + " targets are driven.";
            }
            catch (System.FormatException error)
            {
                return error.Message;
            }
        }
    }
}
