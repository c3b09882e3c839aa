using System;
using UnityEngine;

namespace TalkFace.Unity.Editor
{
    /// <summary>A plain head with all 52 of ARKit's blendshapes, made of a ball, for a first look without a character.</summary>
    public static class SampleFace
    {
        private const int Rings = 48;
        private const int Sectors = 64;

        public static Mesh Build()
        {
            Mesh mesh = new Mesh { name = "TalkFace sample face" };
            Vector3[] ball = Ball();
            mesh.vertices = ball;
            mesh.triangles = Triangles();
            foreach (string channel in Names.Channels)
            {
                mesh.AddBlendShapeFrame(channel, 100, Array.ConvertAll(ball, place => Delta(channel, place)), null, null);
            }
            mesh.RecalculateNormals();
            mesh.RecalculateBounds();
            return mesh;
        }

        /// <summary>A head 24 cm high that looks along +Z, with a groove where the lips meet; its seam is behind.</summary>
        private static Vector3[] Ball()
        {
            Vector3[] places = new Vector3[(Rings + 1) * (Sectors + 1)];
            for (int ring = 0; ring <= Rings; ring++)
            {
                float up = Mathf.PI * ring / Rings;
                for (int sector = 0; sector <= Sectors; sector++)
                {
                    float round = Mathf.PI + (2 * Mathf.PI * sector / Sectors);
                    Vector3 place = new Vector3(
                        0.09f * Mathf.Sin(up) * Mathf.Sin(round), 0.12f * Mathf.Cos(up), 0.1f * Mathf.Sin(up) * Mathf.Cos(round));
                    place.z -= 0.008f * Bump(place, 0, -0.05f, 0.03f, 0.004f) * (place.z > 0 ? 1 : 0);
                    place.z += 0.02f * Bump(place, 0, 0.005f, 0.012f, 0.02f) * (place.z > 0 ? 1 : 0);
                    places[(ring * (Sectors + 1)) + sector] = place;
                }
            }
            return places;
        }

        private static int[] Triangles()
        {
            int[] corners = new int[Rings * Sectors * 6];
            int at = 0;
            for (int ring = 0; ring < Rings; ring++)
            {
                for (int sector = 0; sector < Sectors; sector++)
                {
                    int a = (ring * (Sectors + 1)) + sector;
                    int b = a + Sectors + 1;
                    foreach (int corner in new[] { a, b, a + 1, a + 1, b, b + 1 })
                    {
                        corners[at++] = corner;
                    }
                }
            }
            return corners;
        }

        /// <summary>How a channel moves a point: simple bumps about where ARKit's channel acts, in metres.</summary>
        private static Vector3 Delta(string channel, Vector3 place)
        {
            if (place.z < 0)
            {
                return new Vector3();
            }
            float side = channel.EndsWith("Left", StringComparison.Ordinal) ? -1 : channel.EndsWith("Right", StringComparison.Ordinal) ? 1 : 0;
            float lowerLip = Bump(place, 0, -0.058f, 0.03f, 0.01f);
            float upperLip = Bump(place, 0, -0.042f, 0.03f, 0.008f);
            float lips = Mathf.Max(lowerLip, upperLip);
            float corner = Bump(place, side * 0.03f, -0.05f, 0.015f, 0.015f);
            float eye = Bump(place, side * 0.032f, 0.03f, 0.016f, 0.012f);
            float brow = Bump(place, side * 0.032f, 0.055f, 0.022f, 0.01f);
            float cheek = Bump(place, side * 0.045f, -0.02f, 0.025f, 0.025f);
            float chin = place.y < -0.05f ? 1 : 0;
            string what = side == 0 ? channel : channel.Substring(0, channel.Length - (side < 0 ? 4 : 5));
            switch (what)
            {
                case "jawOpen": return new Vector3(0, -0.03f * chin, -0.006f * chin);
                case "jawForward": return new Vector3(0, 0, 0.012f * chin);
                case "jaw": return new Vector3(side * 0.012f * chin, 0, 0);
                case "mouthClose": return new Vector3(0, (0.03f * chin * lips) - (0.002f * upperLip), 0);
                case "mouthFunnel": return new Vector3(-place.x * 0.5f * lips, 0.006f * (upperLip - lowerLip), 0.014f * lips);
                case "mouthPucker": return new Vector3(-place.x * 0.65f * lips, 0, 0.012f * lips);
                case "mouth": return new Vector3(side * 0.012f * lips, 0, 0);
                case "mouthSmile": return new Vector3(side * 0.01f * corner, 0.012f * corner, -0.002f * corner);
                case "mouthFrown": return new Vector3(0, -0.012f * corner, 0);
                case "mouthDimple": return new Vector3(side * 0.006f * corner, 0, -0.006f * corner);
                case "mouthStretch": return new Vector3(side * 0.012f * corner, -0.003f * corner, 0);
                case "mouthRollLower": return new Vector3(0, 0.005f * lowerLip, -0.006f * lowerLip);
                case "mouthRollUpper": return new Vector3(0, -0.005f * upperLip, -0.006f * upperLip);
                case "mouthShrugLower": return new Vector3(0, 0.008f * lowerLip, 0.003f * lowerLip);
                case "mouthShrugUpper": return new Vector3(0, 0.006f * upperLip, 0.003f * upperLip);
                case "mouthPress": return new Vector3(0, -0.003f * corner, -0.003f * corner);
                case "mouthLowerDown": return new Vector3(0, -0.01f * Half(place, side) * lowerLip, 0);
                case "mouthUpperUp": return new Vector3(0, 0.01f * Half(place, side) * upperLip, 0);
                case "browInnerUp": return new Vector3(0, 0.012f * Bump(place, 0, 0.055f, 0.025f, 0.012f), 0);
                case "browDown": return new Vector3(-side * 0.003f * brow, -0.01f * brow, 0.002f * brow);
                case "browOuterUp": return new Vector3(0, 0.012f * brow, 0);
                case "cheekPuff": return new Vector3(0, 0, 0.015f * Mathf.Max(Bump(place, -0.045f, -0.03f, 0.025f, 0.025f), Bump(place, 0.045f, -0.03f, 0.025f, 0.025f)));
                case "cheekSquint": return new Vector3(0, 0.008f * cheek, 0.003f * cheek);
                case "noseSneer": return new Vector3(0, 0.006f * Bump(place, side * 0.014f, -0.01f, 0.012f, 0.012f), 0);
                case "eyeBlink": return new Vector3(0, -0.008f * eye, 0.006f * eye);
                case "eyeSquint": return new Vector3(0, 0.004f * eye, 0.002f * eye);
                case "eyeWide": return new Vector3(0, 0.006f * eye, -0.003f * eye);
                case "eyeLookUp": return new Vector3(0, 0.003f * eye, 0);
                case "eyeLookDown": return new Vector3(0, -0.003f * eye, 0);
                case "eyeLookIn": return new Vector3(-side * 0.003f * eye, 0, 0);
                case "eyeLookOut": return new Vector3(side * 0.003f * eye, 0, 0);
                case "tongueOut": return new Vector3(0, -0.004f * lowerLip, 0.02f * lowerLip);
                default: throw new ArgumentException("no shape for the channel " + channel, "channel");
            }
        }

        private static float Half(Vector3 place, float side)
        {
            return place.x * side > -0.005f ? 1 : 0;
        }

        private static float Bump(Vector3 place, float x, float y, float width, float height)
        {
            float dx = (place.x - x) / width;
            float dy = (place.y - y) / height;
            return Mathf.Exp(-((dx * dx) + (dy * dy)));
        }
    }
}
