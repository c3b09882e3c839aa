using System;
using System.Collections.Generic;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>What the driver does in a frame.</summary>
    public sealed partial class TalkFaceDriver
    {
        private readonly List<TalkFaceLayer> layers = new List<TalkFaceLayer>();
        private FaceMeshes face;
        private LayerMixer mixer;
        private FaceLayer speechLayer;
        private FaceLayer authoredLayer;
        private TurnedBone headBone;
        private TurnedBone leftBone;
        private TurnedBone rightBone;
        private FaceBone leftGaze;
        private FaceBone rightGaze;
        private float[] mixed;
        private float[] easeFrom;
        private Quat headRotation = Quat.Identity;
        private Vec3 headTranslation;
        private Quat easeRotation = Quat.Identity;
        private Vec3 easeTranslation;
        private float easeLeft;
        private int jumps;
        private int mapChanges;
        private bool bound;
        private bool marked;

        /// <summary>A reload of scripts keeps simple fields and loses the others: everything is found anew.</summary>
        private void OnEnable()
        {
            Rebind();
            FindSource();
        }

        /// <summary>A source may have been added after the driver.</summary>
        private void Start()
        {
            FindSource();
        }

        private void FindSource()
        {
            if (source == null)
            {
                source = GetComponentInParent<TalkFaceSource>();
            }
            if (source == null)
            {
                source = GetComponentInChildren<TalkFaceSource>();
            }
        }

        /// <summary>Back to neutral, so that a face without its driver does not stand with an open mouth.</summary>
        private void OnDisable()
        {
            Undo();
            LetGo();
        }

        /// <summary>What is not driven any more must not stand as it was.</summary>
        private void BindToAnotherMap()
        {
            if (Application.isPlaying)
            {
                LetGo();
            }
            Rebind();
        }

        private void LetGo()
        {
            if (face != null && face.IsValid)
            {
                Array.Clear(mixed, 0, mixed.Length);
                face.Write(mixed, true);
            }
        }

        /// <summary>Before animators: what was added to their work is taken back.</summary>
        private void Update()
        {
            Undo();
            marked = authored.weight > 0 && Bind();
            if (marked)
            {
                face.Mark();
            }
        }

        private void LateUpdate()
        {
            if (Bind())
            {
                Show();
            }
        }

        /// <summary>Edit mode, where no frames run: the layers now. Face targets are left alone, since nothing puts them
        /// back.</summary>
        internal void Preview()
        {
            Undo();
            marked = false;
            if (Bind())
            {
                Show();
            }
        }

        private void Show()
        {
            FillSpeech();
            FillAuthored();
            for (int i = 0; i < layers.Count; i++)
            {
                layers[i].Evaluate(face.Binding, leftGaze, rightGaze);
            }
            mixer.Mix(mixed);
            headRotation = mixer.HeadRotation;
            headTranslation = mixer.HeadTranslation;
            Ease();
            face.Write(mixed, Application.isPlaying);
            TurnBones();
        }

        /// <summary>The editor, after a change in the inspector or an undo: another map, other renderers or bones.</summary>
        private void OnValidate()
        {
            Rebind();
        }

        private void Undo()
        {
            if (headBone != null)
            {
                headBone.Undo();
                leftBone.Undo();
                rightBone.Undo();
            }
        }

        private bool Bind()
        {
            int changes = rigMap == null ? 0 : rigMap.Changes;
            if (changes != mapChanges)
            {
                mapChanges = changes;
                BindToAnotherMap();
            }
            if (face != null && face.IsValid)
            {
                return true;
            }
            if (bound && face == null)
            {
                return false;
            }
            bound = true;
            try
            {
                BindFace();
            }
            catch (FormatException error)
            {
                Problem = error.Message;
                Debug.LogError(name + ": " + error.Message, this);
                face = null;
            }
            return face != null;
        }

        private void BindFace()
        {
            IList<SkinnedMeshRenderer> from = renderers;
            IFaceTarget[] targets = GetComponentsInChildren<IFaceTarget>(true);
            if (renderers.Count == 0 && !Array.Exists(targets, target => target is IWholeFaceTarget))
            {
                from = GetComponentsInChildren<SkinnedMeshRenderer>(true);
            }
            RigMapData map = rigMap == null ? null : rigMap.ToMap();
            face = FaceMeshes.Bind(from, targets, map);
            Problem = null;
            if (face == null || face.Binding.Slots.Length == 0)
            {
                face = null;
                Problem = "no blendshape of this character is known: give the driver a Rig Map and auto-fill it";
                Debug.LogWarning(name + ": " + Problem, this);
                return;
            }
            int slots = face.Binding.Slots.Length;
            mixed = new float[slots];
            easeFrom = new float[slots];
            mixer = new LayerMixer(face.Binding.SlotRegions);
            speechLayer = new FaceLayer(slots) { Priority = speech.priority };
            authoredLayer = new FaceLayer(slots) { Priority = authored.priority };
            mixer.Add(speechLayer);
            mixer.Add(authoredLayer);
            foreach (TalkFaceLayer layer in layers)
            {
                layer.Bind(mixer);
            }
            headBone = new TurnedBone(head, transform);
            leftBone = new TurnedBone(leftEye, transform);
            rightBone = new TurnedBone(rightEye, transform);
            leftGaze = FaceBone.Eye(leftEye, true, eyeDegrees);
            rightGaze = FaceBone.Eye(rightEye, false, eyeDegrees);
        }

        private void FillSpeech()
        {
            speechLayer.Mask = speech.mask;
            speechLayer.Mode = speech.mode;
            speechLayer.Weight = source != null && source.isActiveAndEnabled ? speech.weight : 0;
            if (speechLayer.Weight > 0)
            {
                FacePose pose = source.Pose;
                face.Binding.Evaluate(pose);
                face.Binding.Values.CopyTo(speechLayer.Values, 0);
                speechLayer.HeadRotation = pose.HeadRotation;
                speechLayer.HeadTranslation = pose.HeadTranslation;
                speechLayer.LeftEye = leftGaze.Turn(pose);
                speechLayer.RightEye = rightGaze.Turn(pose);
                if (source.Jumps != jumps)
                {
                    jumps = source.Jumps;
                    BeginEase();
                }
            }
        }

        private void FillAuthored()
        {
            authoredLayer.Weight = marked ? authored.weight : 0;
            if (marked)
            {
                FaceRegion written = face.ReadAuthored(authoredLayer.Values);
                authoredLayer.Mask = authored.mask & (written | FaceRegion.Head);
                authoredLayer.Mode = authored.mode;
            }
        }

        private void BeginEase()
        {
            mixed.CopyTo(easeFrom, 0);
            easeRotation = headRotation;
            easeTranslation = headTranslation;
            easeLeft = easeSeconds;
        }

        private void Ease()
        {
            if (easeLeft <= 0)
            {
                return;
            }
            float old = easeLeft / easeSeconds;
            easeLeft -= Time.unscaledDeltaTime;
            for (int i = 0; i < mixed.Length; i++)
            {
                mixed[i] += (easeFrom[i] - mixed[i]) * old;
            }
            headRotation = Quat.Mix(headRotation, easeRotation, old);
            headTranslation = new Vec3(
                Mathf.Lerp(headTranslation.X, easeTranslation.X, old),
                Mathf.Lerp(headTranslation.Y, easeTranslation.Y, old),
                Mathf.Lerp(headTranslation.Z, easeTranslation.Z, old));
        }

        private void TurnBones()
        {
            if (head != null)
            {
                headBone.Turn(FaceBone.Turn(headRotation, headStrength), FaceBone.Move(headTranslation, headStrength));
            }
            leftBone.Turn(mixer.LeftEye, new Vec3());
            rightBone.Turn(mixer.RightEye, new Vec3());
        }
    }
}
