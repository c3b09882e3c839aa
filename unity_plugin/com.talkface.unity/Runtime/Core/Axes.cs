using System;

namespace TalkFace
{
    /// <summary>Three floats, metres where a place is meant.</summary>
    [Serializable]
    public struct Vec3
    {
        public float X;
        public float Y;
        public float Z;

        public Vec3(float x, float y, float z)
        {
            X = x;
            Y = y;
            Z = z;
        }
    }

    /// <summary>A unit quaternion.</summary>
    [Serializable]
    public struct Quat
    {
        public float X;
        public float Y;
        public float Z;
        public float W;

        public Quat(float x, float y, float z, float w)
        {
            X = x;
            Y = y;
            Z = z;
            W = w;
        }

        public static Quat Identity
        {
            get { return new Quat(0, 0, 0, 1); }
        }

        /// <summary>The same rotation at length 1; identity when there is next to no length.</summary>
        public Quat Unit
        {
            get
            {
                float length = (float)Math.Sqrt((X * X) + (Y * Y) + (Z * Z) + (W * W));
                return length > 1e-6f ? new Quat(X / length, Y / length, Z / length, W / length) : Identity;
            }
        }

        /// <summary>Turns by b first, then by a.</summary>
        public static Quat operator *(Quat a, Quat b)
        {
            return new Quat(
                (a.W * b.X) + (a.X * b.W) + (a.Y * b.Z) - (a.Z * b.Y),
                (a.W * b.Y) - (a.X * b.Z) + (a.Y * b.W) + (a.Z * b.X),
                (a.W * b.Z) + (a.X * b.Y) - (a.Y * b.X) + (a.Z * b.W),
                (a.W * b.W) - (a.X * b.X) - (a.Y * b.Y) - (a.Z * b.Z));
        }

        /// <summary>A straight mix along the shorter way, made unit again; share 0 gives a, 1 gives b.</summary>
        public static Quat Mix(Quat a, Quat b, float share)
        {
            float sign = (a.X * b.X) + (a.Y * b.Y) + (a.Z * b.Z) + (a.W * b.W) < 0 ? -1 : 1;
            float keep = 1 - share;
            float x = (a.X * keep) + (b.X * share * sign);
            float y = (a.Y * keep) + (b.Y * share * sign);
            float z = (a.Z * keep) + (b.Z * share * sign);
            float w = (a.W * keep) + (b.W * share * sign);
            return new Quat(x, y, z, w).Unit;
        }

        /// <summary>A vector turned by this.</summary>
        public Vec3 Turn(Vec3 v)
        {
            float tx = 2 * ((Y * v.Z) - (Z * v.Y));
            float ty = 2 * ((Z * v.X) - (X * v.Z));
            float tz = 2 * ((X * v.Y) - (Y * v.X));
            return new Vec3(
                v.X + (W * tx) + (Y * tz) - (Z * ty),
                v.Y + (W * ty) + (Z * tx) - (X * tz),
                v.Z + (W * tz) + (X * ty) - (Y * tx));
        }
    }

    /// <summary>
    /// TalkFace's space is right-handed: +X to the character's left, +Y up, +Z out of the face. Unity's is
    /// left-handed: for a character that looks along +Z, +X is the character's right. So x changes its sign; a
    /// rotation, mirrored in the plane x = 0, keeps x and w and changes y and z. Nodding down is +X in both.
    /// </summary>
    public static class Axes
    {
        public static Vec3 ToUnity(Vec3 place)
        {
            return new Vec3(-place.X, place.Y, place.Z);
        }

        public static Quat ToUnity(Quat rotation)
        {
            return new Quat(rotation.X, -rotation.Y, -rotation.Z, rotation.W);
        }
    }
}
