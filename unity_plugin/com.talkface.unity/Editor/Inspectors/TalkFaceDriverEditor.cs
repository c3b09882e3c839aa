using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>The driver's inspector: which names are driven and which are not, and curves while playing.</summary>
    [CustomEditor(typeof(TalkFaceDriver))]
    public sealed class TalkFaceDriverEditor : UnityEditor.Editor
    {
        private readonly CurveStrip strip = new CurveStrip(
            Channel.JawOpen, Channel.MouthClose, Channel.MouthFunnel, Channel.MouthSmileLeft, Channel.BrowInnerUp, Channel.EyeBlinkLeft);

        private bool showMatched;
        private bool showUnmatched = true;
        private bool showMissing;

        public override bool RequiresConstantRepaint()
        {
            return Application.isPlaying;
        }

        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            TalkFaceDriver driver = (TalkFaceDriver)target;
            EditorGUILayout.Space();
            if (GUILayout.Button("Find blendshapes"))
            {
                driver.Rebind();
            }
            MatchReport report = driver.Report;
            if (report == null)
            {
                EditorGUILayout.HelpBox(driver.Problem, MessageType.Warning);
                return;
            }
            EditorGUILayout.HelpBox(Summary(report), report.Missing.Count == 0 ? MessageType.Info : MessageType.Warning);
            showMatched = List(showMatched, "Driven", Pairs(report));
            showUnmatched = List(showUnmatched, "Not known, left alone", report.Unmatched);
            showMissing = List(showMissing, "Of the rig, but not on the character", report.Missing);
            if (Application.isPlaying && driver.Source != null)
            {
                strip.Add(driver.Source.Pose);
                strip.Draw();
            }
        }

        /// <summary>One sentence about a match.</summary>
        public static string Summary(MatchReport report)
        {
            string twice = report.Doubled.Count == 0 ? string.Empty : ", " + report.Doubled.Count + " spell one that another does";
            return "Rig " + report.Rig + ": " + report.Matched.Count + " blendshapes known, " + report.Unmatched.Count
                + " not known, " + report.Missing.Count + " missing" + twice + ".";
        }

        private static List<string> Pairs(MatchReport report)
        {
            List<string> pairs = new List<string>();
            foreach (KeyValuePair<string, string> match in report.Matched)
            {
                pairs.Add(match.Key == match.Value ? match.Key : match.Key + "  <-  " + match.Value);
            }
            return pairs;
        }

        private static bool List(bool open, string title, List<string> names)
        {
            open = EditorGUILayout.Foldout(open, title + " (" + names.Count + ")", true);
            EditorGUI.indentLevel++;
            for (int i = 0; open && i < names.Count; i++)
            {
                EditorGUILayout.LabelField(names[i]);
            }
            EditorGUI.indentLevel--;
            return open;
        }
    }
}
