using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>
    /// A bone that is turned and moved on top of what animation does with it, in the axes of the character (+Z ahead,
    /// +Y up), whatever the bone's own axes are.
    /// </summary>
    internal sealed class TurnedBone
    {
        private readonly Transform bone;
        private readonly Transform character;
        private Quaternion restRotation;
        private Vector3 restPosition;
        private Quaternion turnedRotation;
        private Vector3 turnedPosition;
        private bool turned;

        public TurnedBone(Transform bone, Transform character)
        {
            this.bone = bone;
            this.character = character;
        }

        public Transform Bone
        {
            get { return bone; }
        }

        /// <summary>Before animation: takes the last turn back, unless somebody has put the bone elsewhere.</summary>
        public void Undo()
        {
            if (!turned || bone == null)
            {
                return;
            }
            turned = false;
            if (Same(bone.localRotation, turnedRotation))
            {
                bone.localRotation = restRotation;
            }
            Vector3 place = bone.localPosition;
            if (place.x == turnedPosition.x && place.y == turnedPosition.y && place.z == turnedPosition.z)
            {
                bone.localPosition = restPosition;
            }
        }

        /// <summary>After animation.</summary>
        public void Turn(Quat rotation, Vec3 metres)
        {
            if (bone == null)
            {
                return;
            }
            restRotation = bone.localRotation;
            restPosition = bone.localPosition;
            Quaternion frame = character.rotation;
            Quaternion turn = frame * new Quaternion(rotation.X, rotation.Y, rotation.Z, rotation.W) * Quaternion.Inverse(frame);
            bone.position = bone.position + (frame * new Vector3(metres.X, metres.Y, metres.Z));
            bone.rotation = turn * bone.rotation;
            turnedRotation = bone.localRotation;
            turnedPosition = bone.localPosition;
            turned = true;
        }

        private static bool Same(Quaternion a, Quaternion b)
        {
            return a.x == b.x && a.y == b.y && a.z == b.z && a.w == b.w;
        }
    }
}
