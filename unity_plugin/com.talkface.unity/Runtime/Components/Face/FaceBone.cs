using System;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>A bone that a driver turns, and how far for a pose; in the character's axes.</summary>
    public sealed class FaceBone
    {
        private readonly int side;
        private readonly float amount;

        private FaceBone(Transform transform, int side, float amount)
        {
            Transform = transform;
            this.side = side;
            this.amount = amount;
        }

        public Transform Transform { get; private set; }

        /// <summary>True for the head, which moves as well as turns.</summary>
        public bool Moves
        {
            get { return side == 0; }
        }

        /// <summary>The head; amount 1 is what the pose says.</summary>
        public static FaceBone Head(Transform bone, float amount)
        {
            return new FaceBone(bone, 0, amount);
        }

        /// <summary>An eye that turns by so many degrees at full weight.</summary>
        public static FaceBone Eye(Transform bone, bool left, float degrees)
        {
            return new FaceBone(bone, left ? 1 : 2, degrees);
        }

        public Quat Turn(FacePose pose)
        {
            switch (side)
            {
                case 0: return Turn(pose.HeadRotation, amount);
                case 1: return Gaze(pose, Channel.EyeLookInLeft, Channel.EyeLookOutLeft, Channel.EyeLookDownLeft, Channel.EyeLookUpLeft, amount);
                default: return Gaze(pose, Channel.EyeLookOutRight, Channel.EyeLookInRight, Channel.EyeLookDownRight, Channel.EyeLookUpRight, amount);
            }
        }

        public Vec3 Move(FacePose pose)
        {
            return side == 0 ? Move(pose.HeadTranslation, amount) : new Vec3();
        }

        /// <summary>A head's rotation in Unity's axes, so many times as far about the same axis.</summary>
        internal static Quat Turn(Quat head, float times)
        {
            Quat turn = Axes.ToUnity(head);
            double half = Math.Acos(Math.Min(1, Math.Abs(turn.W)));
            double sine = Math.Sin(half);
            if (sine < 1e-6)
            {
                return Quat.Identity;
            }
            double factor = Math.Sin(half * times) / sine * (turn.W < 0 ? -1 : 1);
            return new Quat(
                (float)(turn.X * factor), (float)(turn.Y * factor), (float)(turn.Z * factor), (float)Math.Cos(half * times));
        }

        internal static Vec3 Move(Vec3 head, float times)
        {
            Vec3 move = Axes.ToUnity(head);
            return new Vec3(move.X * times, move.Y * times, move.Z * times);
        }

        /// <summary>Down about +X, to the character's right about +Y.</summary>
        private static Quat Gaze(FacePose pose, Channel right, Channel left, Channel down, Channel up, float degrees)
        {
            Quaternion turn = Quaternion.Euler((pose[down] - pose[up]) * degrees, (pose[right] - pose[left]) * degrees, 0);
            return new Quat(turn.x, turn.y, turn.z, turn.w);
        }
    }
}
