using System;
using System.Collections.Generic;
using System.IO;
using UnityEditor;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>Assets > TalkFace > Bake ...: for the selected AudioClips and all in selected folders.</summary>
    public static class BakeMenu
    {
        private const string ToClip = "Assets/TalkFace/Bake to AnimationClip";
        private const string ToFace = "Assets/TalkFace/Bake for Timeline";

        /// <summary>The character to bake for; set in Window > TalkFace > Bake Settings.</summary>
        public static TalkFaceDriver Character { get; set; }

        /// <summary>Frames a second.</summary>
        public static int FrameRate { get; set; } = 60;

        /// <summary>Largest error of the curves, in weights of 0 to 1.</summary>
        public static float MaxError { get; set; } = 0.005f;

        [MenuItem(ToClip)]
        public static void BakeClips()
        {
            Bake(BakeJob.Output.AnimationClip);
        }

        [MenuItem(ToFace)]
        public static void BakeFaces()
        {
            Bake(BakeJob.Output.BakedFace);
        }

        [MenuItem(ToClip, true)]
        [MenuItem(ToFace, true)]
        public static bool CanBake()
        {
            return Sounds().Count > 0;
        }

        private static void Bake(BakeJob.Output output)
        {
            bool finished;
            BakeJob job;
            try
            {
                job = new BakeJob(DefaultModel.FindOrCreate()) { Character = Character };
                job.Options.FrameRateNum = FrameRate;
                job.Options.MaxError = MaxError;
                finished = job.Run(
                    Sounds(), output, (name, done) => EditorUtility.DisplayCancelableProgressBar("TalkFace", name, done));
            }
            catch (Exception error) when (error is TalkFaceException || error is ArgumentException || error is IOException)
            {
                EditorUtility.DisplayDialog("TalkFace", "Nothing was baked: " + error.Message, "OK");
                return;
            }
            finally
            {
                EditorUtility.ClearProgressBar();
            }
            string said = job.Made.Count + (finished ? " baked" : " baked, then cancelled");
            if (job.Problems.Count > 0)
            {
                EditorUtility.DisplayDialog("TalkFace", said + "; not:\n" + string.Join("\n", job.Problems.ToArray()), "OK");
            }
            Debug.Log("TalkFace: " + said);
        }

        private static List<AudioClip> Sounds()
        {
            return new List<AudioClip>(Selection.GetFiltered<AudioClip>(SelectionMode.DeepAssets));
        }
    }
}
