using System;
using System.Collections.Generic;
using System.IO;
using UnityEditor;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>Bakes sounds one by one, beside their files; progress can cancel between steps.</summary>
    public sealed class BakeJob
    {
        /// <summary>Of what is baked.</summary>
        public enum Output
        {
            /// <summary>LINE_face.anim, for an Animator.</summary>
            AnimationClip,

            /// <summary>LINE_face.asset, for a TalkFace track.</summary>
            BakedFace,
        }

        private readonly TalkFaceModelAsset model;

        public BakeJob(TalkFaceModelAsset model)
        {
            if (model == null)
            {
                throw new ArgumentNullException("model", "create a model first: Assets > Create > TalkFace > Model");
            }
            this.model = model;
            Options = new BakeOptions();
            Problems = new List<string>();
            Made = new List<string>();
        }

        public BakeOptions Options { get; private set; }

        /// <summary>The character to bake for; null: ARKit's names on the object that plays the clip.</summary>
        public TalkFaceDriver Character { get; set; }

        /// <summary>The object with the character's Animator; null: the driver's own.</summary>
        public Transform Root { get; set; }

        /// <summary>Sounds that could not be baked, each with the reason.</summary>
        public List<string> Problems { get; private set; }

        /// <summary>Paths that were written.</summary>
        public List<string> Made { get; private set; }

        /// <summary>Bakes; false when it was cancelled. What was made until then stays.</summary>
        /// <param name="sounds">AudioClips of the project, Decompress On Load</param>
        /// <param name="output">what to make</param>
        /// <param name="progress">told the sound and 0 to 1 over all; true cancels</param>
        public bool Run(IList<AudioClip> sounds, Output output, Func<string, float, bool> progress)
        {
            FaceModel opened = model.Acquire();
            try
            {
                FaceClipWriter writer = output == Output.AnimationClip ? Writer() : null;
                for (int i = 0; i < sounds.Count; i++)
                {
                    float done = (float)i / sounds.Count;
                    Func<float, bool> goOn = part => !progress(sounds[i].name, done + (part / sounds.Count));
                    try
                    {
                        if (!Bake(opened, sounds[i], writer, goOn))
                        {
                            return false;
                        }
                    }
                    catch (Exception error) when (error is TalkFaceException || error is InvalidOperationException)
                    {
                        Problems.Add(sounds[i].name + ": " + error.Message);
                    }
                }
                AssetDatabase.SaveAssets();
                return true;
            }
            finally
            {
                model.Release(opened);
            }
        }

        private FaceClipWriter Writer()
        {
            if (Character == null)
            {
                return FaceClipWriter.ForArkit(Options.MaxError);
            }
            return FaceClipWriter.For(Character, Root == null ? Character.transform : Root, Options.MaxError);
        }

        private bool Bake(FaceModel opened, AudioClip sound, FaceClipWriter writer, Func<float, bool> goOn)
        {
            float[] samples = Samples(sound);
            List<FacePose> frames = FaceBaker.Frames(opened, samples, sound.channels, sound.frequency, Options, goOn);
            if (frames == null)
            {
                return false;
            }
            float rate = (float)Options.FrameRateNum / Options.FrameRateDen;
            if (writer != null)
            {
                Save(writer.Write(frames, rate), sound, ".anim");
                return true;
            }
            BakedFaceAsset face = ScriptableObject.CreateInstance<BakedFaceAsset>();
            face.Set(sound, BakedClip.FromFrames(frames, rate, Options.MaxError));
            Save(face, sound, ".asset");
            return true;
        }

        private static float[] Samples(AudioClip sound)
        {
            if (sound.loadState != AudioDataLoadState.Loaded)
            {
                sound.LoadAudioData();
            }
            float[] samples = new float[sound.samples * sound.channels];
            if (!sound.GetData(samples, 0))
            {
                throw new InvalidOperationException("cannot be read: set its Load Type to Decompress On Load");
            }
            return samples;
        }

        /// <summary>Over the asset of the last bake, so that what refers to it keeps it; else a new one.</summary>
        private void Save(UnityEngine.Object made, AudioClip sound, string extension)
        {
            string beside = AssetDatabase.GetAssetPath(sound);
            string folder = string.IsNullOrEmpty(beside) ? "Assets" : Path.GetDirectoryName(beside).Replace('\\', '/');
            string path = folder + "/" + sound.name + "_face" + extension;
            made.name = sound.name + "_face";
            UnityEngine.Object old = AssetDatabase.LoadAssetAtPath<UnityEngine.Object>(path);
            if (old != null && old.GetType() == made.GetType())
            {
                EditorUtility.CopySerialized(made, old);
                EditorUtility.SetDirty(old);
                UnityEngine.Object.DestroyImmediate(made);
            }
            else
            {
                AssetDatabase.CreateAsset(made, path);
            }
            Made.Add(path);
        }
    }
}
