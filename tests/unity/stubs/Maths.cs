// Pages: https://docs.unity3d.com/ScriptReference/
using System;

namespace UnityEngine
{
    public struct Vector3 // Vector3.html
    {
        public float x, y, z; // Vector3-x.html Vector3-y.html Vector3-z.html
        public Vector3(float x, float y, float z) { this.x = x; this.y = y; this.z = z; } // Vector3-ctor.html
        public static Vector3 zero { get { return new Vector3(); } } // Vector3-zero.html
        public static Vector3 one { get { return new Vector3(1, 1, 1); } } // Vector3-one.html
        public static Vector3 up { get { return new Vector3(0, 1, 0); } } // Vector3-up.html
        public static Vector3 right { get { return new Vector3(1, 0, 0); } } // Vector3-right.html
        public static Vector3 forward { get { return new Vector3(0, 0, 1); } } // Vector3-forward.html
        public static Vector3 Lerp(Vector3 a, Vector3 b, float t) { return a + (b - a) * Mathf.Clamp01(t); } // Vector3.Lerp.html
        public static Vector3 operator +(Vector3 a, Vector3 b) { return new Vector3(a.x + b.x, a.y + b.y, a.z + b.z); } // Vector3-operator_add.html
        public static Vector3 operator -(Vector3 a, Vector3 b) { return new Vector3(a.x - b.x, a.y - b.y, a.z - b.z); } // Vector3-operator_subtract.html
        public static Vector3 operator *(Vector3 a, float d) { return new Vector3(a.x * d, a.y * d, a.z * d); } // Vector3-operator_multiply.html
        public static bool operator ==(Vector3 a, Vector3 b) { var d = a - b; return d.x * d.x + d.y * d.y + d.z * d.z < 1e-10f; } // Vector3-operator_eq.html
        public static bool operator !=(Vector3 a, Vector3 b) { return !(a == b); } // Vector3-operator_ne.html
        public override bool Equals(object other) { return other is Vector3 && (Vector3)other == this; } // Vector3.Equals.html
        public override int GetHashCode() { return x.GetHashCode() ^ y.GetHashCode() ^ z.GetHashCode(); } // Vector3.html
    }

    public struct Quaternion // Quaternion.html
    {
        public float x, y, z, w; // Quaternion-x.html Quaternion-y.html Quaternion-z.html Quaternion-w.html
        public Quaternion(float x, float y, float z, float w) { this.x = x; this.y = y; this.z = z; this.w = w; } // Quaternion-ctor.html
        public static Quaternion identity { get { return new Quaternion(0, 0, 0, 1); } } // Quaternion-identity.html

        // Quaternion-operator_multiply.html
        public static Quaternion operator *(Quaternion a, Quaternion b)
        {
            return new Quaternion(
                a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
                a.w * b.y + a.y * b.w + a.z * b.x - a.x * b.z,
                a.w * b.z + a.z * b.w + a.x * b.y - a.y * b.x,
                a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z);
        }

        // Quaternion-operator_multiply.html
        public static Vector3 operator *(Quaternion q, Vector3 v)
        {
            var p = q * new Quaternion(v.x, v.y, v.z, 0) * Inverse(q);
            return new Vector3(p.x, p.y, p.z);
        }

        public static Quaternion Inverse(Quaternion q) { return new Quaternion(-q.x, -q.y, -q.z, q.w); } // Quaternion.Inverse.html
        public static float Dot(Quaternion a, Quaternion b) { return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w; } // Quaternion.Dot.html
        public static float Angle(Quaternion a, Quaternion b) { return 2 * Mathf.Rad2Deg * (float)Math.Acos(Math.Min(1, Math.Abs(Dot(a, b)))); } // Quaternion.Angle.html

        // Quaternion.AngleAxis.html
        public static Quaternion AngleAxis(float angle, Vector3 axis)
        {
            var half = angle * Math.PI / 360;
            var s = (float)Math.Sin(half);
            return new Quaternion(axis.x * s, axis.y * s, axis.z * s, (float)Math.Cos(half));
        }

        // Quaternion.Euler.html
        public static Quaternion Euler(float x, float y, float z)
        {
            return AngleAxis(y, Vector3.up) * AngleAxis(x, Vector3.right) * AngleAxis(z, Vector3.forward);
        }

        // Quaternion.Slerp.html
        public static Quaternion Slerp(Quaternion a, Quaternion b, float t)
        {
            t = Mathf.Clamp01(t);
            var dot = Dot(a, b);
            var sign = dot < 0 ? -1f : 1f;
            var angle = Math.Acos(Math.Min(1.0, Math.Abs(dot)));
            var near = angle < 1e-4;
            var s = near ? 1 - t : (float)(Math.Sin((1 - t) * angle) / Math.Sin(angle));
            var e = sign * (near ? t : (float)(Math.Sin(t * angle) / Math.Sin(angle)));
            return new Quaternion(s * a.x + e * b.x, s * a.y + e * b.y, s * a.z + e * b.z, s * a.w + e * b.w);
        }
    }

    public struct Pose // Pose.html
    {
        public Vector3 position; // Pose-position.html
        public Quaternion rotation; // Pose-rotation.html
    }

    public struct Color // Color.html
    {
        public float r, g, b, a; // Color-r.html Color-g.html Color-b.html Color-a.html
        public Color(float r, float g, float b) : this(r, g, b, 1) { } // Color-ctor.html
        public Color(float r, float g, float b, float a) { this.r = r; this.g = g; this.b = b; this.a = a; } // Color-ctor.html
        public static Color HSVToRGB(float H, float S, float V) { throw Stub.Called; } // Color.HSVToRGB.html
    }

    public struct Rect // Rect.html
    {
        public Rect(float x, float y, float width, float height) : this() { this.x = x; this.y = y; this.width = width; this.height = height; } // Rect-ctor.html
        public float x { get; set; } // Rect-x.html
        public float y { get; set; } // Rect-y.html
        public float width { get; set; } // Rect-width.html
        public float height { get; set; } // Rect-height.html
        public float yMax { get { return y + height; } } // Rect-yMax.html
    }

    public static class Mathf // Mathf.html
    {
        public const float PI = (float)Math.PI; // Mathf.PI.html
        public const float Rad2Deg = 180 / PI; // Mathf.Rad2Deg.html
        public const float Deg2Rad = PI / 180; // Mathf.Deg2Rad.html
        public static float Clamp01(float value) { return value < 0 ? 0 : value > 1 ? 1 : value; } // Mathf.Clamp01.html
        public static float Clamp(float value, float min, float max) { return value < min ? min : value > max ? max : value; } // Mathf.Clamp.html
        public static float Max(float a, float b) { return a > b ? a : b; } // Mathf.Max.html
        public static int Max(int a, int b) { return a > b ? a : b; } // Mathf.Max.html
        public static float Min(float a, float b) { return a < b ? a : b; } // Mathf.Min.html
        public static int Min(int a, int b) { return a < b ? a : b; } // Mathf.Min.html
        public static float Abs(float f) { return Math.Abs(f); } // Mathf.Abs.html
        public static float Sin(float f) { return (float)Math.Sin(f); } // Mathf.Sin.html
        public static float Cos(float f) { return (float)Math.Cos(f); } // Mathf.Cos.html
        public static float Exp(float power) { return (float)Math.Exp(power); } // Mathf.Exp.html
        public static float Lerp(float a, float b, float t) { return a + (b - a) * Clamp01(t); } // Mathf.Lerp.html
    }
}
