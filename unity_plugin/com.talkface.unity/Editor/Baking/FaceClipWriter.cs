using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>
    /// Frames of a face as an AnimationClip for one character: a curve for every blendshape that moves, and for head
    /// and eyes where the driver has them. Straight lines between keys, within a stated error of every frame.
    /// </summary>
    public sealed class FaceClipWriter
    {
        private readonly List<Target> targets = new List<Target>();
        private readonly RigBinding binding;
        private readonly List<Joint> joints = new List<Joint>();
        private readonly float maxError;

        private FaceClipWriter(RigBinding binding, float maxError)
        {
            this.binding = binding;
            this.maxError = maxError;
        }

        /// <summary>For a character; curves are relative to root, the object with the Animator.</summary>
        /// <exception cref="System.ArgumentException">no blendshape of the character is known, or none is driven</exception>
        public static FaceClipWriter For(TalkFaceDriver driver, Transform root, float maxError)
        {
            IReadOnlyList<SkinnedMeshRenderer> renderers;
            RigBinding bound = driver.BindingForBake(out renderers);
            if (bound == null)
            {
                throw new System.ArgumentException(driver.name + ": " + driver.Problem, "driver");
            }
            FaceClipWriter made = new FaceClipWriter(bound, maxError);
            foreach (BlendshapeSlot slot in bound.Slots)
            {
                SkinnedMeshRenderer renderer = slot.Mesh < renderers.Count ? renderers[slot.Mesh] : null;
                made.targets.Add(renderer == null ? new Target() : new Target
                {
                    path = AnimationUtility.CalculateTransformPath(renderer.transform, root),
                    name = renderer.sharedMesh.GetBlendShapeName(slot.Index),
                });
            }
            if (made.targets.TrueForAll(target => target.name == null))
            {
                throw new System.ArgumentException(
                    driver.name + ": its face is shown by a component, not by blendshapes: bake for Timeline", "driver");
            }
            foreach (FaceBone bone in driver.BonesForBake())
            {
                made.joints.Add(new Joint(bone, driver.transform, root));
            }
            return made;
        }

        /// <summary>For any character with ARKit's names on one mesh: curves of the object that plays the clip.</summary>
        public static FaceClipWriter ForArkit(float maxError)
        {
            float[] scales = System.Array.ConvertAll(Names.Channels, channel => 100f);
            RigBinding arkit = RigBinding.Create(RigLibrary.Matcher["arkit"], new[] { Names.Channels }, new[] { scales });
            FaceClipWriter made = new FaceClipWriter(arkit, maxError);
            foreach (BlendshapeSlot slot in arkit.Slots)
            {
                made.targets.Add(new Target { path = string.Empty, name = Names.Channels[slot.Index] });
            }
            return made;
        }

        public AnimationClip Write(IList<FacePose> frames, float frameRate)
        {
            AnimationClip clip = new AnimationClip { frameRate = frameRate };
            float[] times = new float[frames.Count];
            float[][] values = new float[targets.Count][];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = new float[times.Length];
            }
            for (int f = 0; f < times.Length; f++)
            {
                times[f] = (float)frames[f].Seconds;
                binding.Evaluate(frames[f]);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i][f] = binding.Values[i];
                }
            }
            for (int i = 0; i < values.Length; i++)
            {
                if (targets[i].name != null)
                {
                    EditorCurveBinding to = EditorCurveBinding.FloatCurve(
                        targets[i].path, typeof(SkinnedMeshRenderer), "blendShape." + targets[i].name);
                    Add(clip, to, times, values[i], binding.Slots[i].Scale, maxError);
                }
            }
            foreach (Joint joint in joints)
            {
                WriteJoint(clip, joint, frames, times);
            }
            return clip;
        }

        /// <summary>Keys that stay within the error, in units before scaling, with straight lines between.</summary>
        public static AnimationCurve Curve(float[] times, float[] values, float scale, float error)
        {
            return Curve(times, values, scale, CurveReducer.Reduce(times, values, error));
        }

        private static AnimationCurve Curve(float[] times, float[] values, float scale, int[] kept)
        {
            Keyframe[] keys = new Keyframe[kept.Length];
            float before = 0;
            for (int i = 0; i < keys.Length; i++)
            {
                float after = 0;
                if (i + 1 < keys.Length)
                {
                    after = (values[kept[i + 1]] - values[kept[i]]) * scale / (times[kept[i + 1]] - times[kept[i]]);
                }
                keys[i] = new Keyframe(times[kept[i]], values[kept[i]] * scale, i == 0 ? after : before, i + 1 < keys.Length ? after : before);
                before = after;
            }
            return new AnimationCurve(keys);
        }

        private static void Add(
            AnimationClip clip, EditorCurveBinding to, float[] times, float[] values, float scale, float error)
        {
            AnimationUtility.SetEditorCurve(clip, to, Curve(times, values, scale, error));
        }

        private void WriteJoint(AnimationClip clip, Joint joint, IList<FacePose> frames, float[] times)
        {
            float[][] parts = new float[7][];
            for (int i = 0; i < parts.Length; i++)
            {
                parts[i] = new float[times.Length];
            }
            for (int f = 0; f < times.Length; f++)
            {
                Quaternion rotation;
                Vector3 position;
                joint.At(frames[f], out rotation, out position);
                if (f > 0 && Dot(rotation, parts, f - 1) < 0)
                {
                    rotation = new Quaternion(-rotation.x, -rotation.y, -rotation.z, -rotation.w);
                }
                parts[0][f] = rotation.x;
                parts[1][f] = rotation.y;
                parts[2][f] = rotation.z;
                parts[3][f] = rotation.w;
                parts[4][f] = position.x;
                parts[5][f] = position.y;
                parts[6][f] = position.z;
            }
            string[] names =
            {
                "m_LocalRotation.x", "m_LocalRotation.y", "m_LocalRotation.z", "m_LocalRotation.w",
                "m_LocalPosition.x", "m_LocalPosition.y", "m_LocalPosition.z",
            };
            int[] rotationKeys = Together(times, parts, 0, 4);
            int[] positionKeys = joint.Moves ? Together(times, parts, 4, 3) : new int[0];
            for (int i = 0; i < (joint.Moves ? 7 : 4); i++)
            {
                EditorCurveBinding to = EditorCurveBinding.FloatCurve(joint.Path, typeof(Transform), names[i]);
                AnimationUtility.SetEditorCurve(clip, to, Curve(times, parts[i], 1, i < 4 ? rotationKeys : positionKeys));
            }
        }

        /// <summary>Keys of all parts of a vector: Unity stores a rotation as one curve. A key between those of a part may
        /// double its error, so each part gets half.</summary>
        private int[] Together(float[] times, float[][] parts, int first, int count)
        {
            SortedSet<int> kept = new SortedSet<int>();
            for (int i = first; i < first + count; i++)
            {
                kept.UnionWith(CurveReducer.Reduce(times, parts[i], maxError / 20));
            }
            int[] keys = new int[kept.Count];
            kept.CopyTo(keys);
            return keys;
        }

        /// <summary>Below 0: the other sign of the quaternion is the shorter way.</summary>
        private static float Dot(Quaternion next, float[][] parts, int f)
        {
            return (next.x * parts[0][f]) + (next.y * parts[1][f]) + (next.z * parts[2][f]) + (next.w * parts[3][f]);
        }

        private struct Target
        {
            public string path;
            public string name;
        }

        /// <summary>A bone at rest in the scene, and what a pose makes of it.</summary>
        private sealed class Joint
        {
            private readonly FaceBone bone;
            private readonly Quaternion axes;
            private readonly Quaternion rest;
            private readonly Vector3 place;

            public Joint(FaceBone bone, Transform character, Transform root)
            {
                this.bone = bone;
                Transform parent = bone.Transform.parent;
                Quaternion above = parent == null ? Quaternion.identity : parent.rotation;
                axes = Quaternion.Inverse(above) * character.rotation;
                rest = bone.Transform.localRotation;
                place = bone.Transform.localPosition;
                Path = AnimationUtility.CalculateTransformPath(bone.Transform, root);
            }

            public string Path { get; private set; }

            public bool Moves
            {
                get { return bone.Moves; }
            }

            public void At(FacePose pose, out Quaternion rotation, out Vector3 position)
            {
                Quat turn = bone.Turn(pose);
                Vec3 move = bone.Move(pose);
                rotation = axes * new Quaternion(turn.X, turn.Y, turn.Z, turn.W) * Quaternion.Inverse(axes) * rest;
                position = place + (axes * new Vector3(move.X, move.Y, move.Z));
            }
        }
    }
}
