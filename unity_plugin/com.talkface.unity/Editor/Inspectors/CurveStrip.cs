using UnityEditor;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>The last seconds of a few channels as lines, drawn in an inspector while playing.</summary>
    internal sealed class CurveStrip
    {
        private const int Length = 240;
        private readonly Channel[] channels;
        private readonly float[][] values;
        private readonly Vector3[] points = new Vector3[Length];
        private int at;
        private int frame = -1;

        public CurveStrip(params Channel[] channels)
        {
            this.channels = channels;
            values = System.Array.ConvertAll(channels, channel => new float[Length]);
        }

        /// <summary>Takes a pose, once a frame.</summary>
        public void Add(FacePose pose)
        {
            if (Time.frameCount == frame)
            {
                return;
            }
            frame = Time.frameCount;
            for (int i = 0; i < channels.Length; i++)
            {
                values[i][at] = pose[channels[i]];
            }
            at = (at + 1) % Length;
        }

        /// <summary>Value of a channel, so many frames ago.</summary>
        public float Ago(int line, int frames)
        {
            return values[line][(at - 1 - frames + (2 * Length)) % Length];
        }

        public void Draw()
        {
            Rect area = EditorGUILayout.GetControlRect(false, 80);
            EditorGUI.DrawRect(area, new Color(0.12f, 0.12f, 0.12f));
            for (int line = 0; line < channels.Length; line++)
            {
                Handles.color = Color.HSVToRGB((float)line / channels.Length, 0.6f, 1);
                for (int i = 0; i < Length; i++)
                {
                    float value = Mathf.Clamp01(Ago(line, Length - 1 - i));
                    points[i] = new Vector3(area.x + (area.width * i / (Length - 1)), area.yMax - (value * area.height), 0);
                }
                Handles.DrawAAPolyLine(2, Length, points);
            }
            EditorGUILayout.LabelField(string.Join("  ", System.Array.ConvertAll(channels, one => one.ToString())));
        }
    }
}
