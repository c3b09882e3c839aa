using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace TalkFace.Tests
{
    /// <summary>Names of characters against fixtures that test_core.py writes from documentation and from Python.</summary>
    [Tests]
    public static class RigTests
    {
        private const string SmallMap =
            "{\"format\": \"talkface-rig-map\", \"version\": 1, \"name\": \"m\", \"rows\": ["
            + "{\"to\": \"Jaw\", \"from\": {\"JawOpen\": 0.5, \"mouthClose\": -1}, \"range\": [0, 0.4], \"neutral\": 0.1},"
            + "{\"to\": \"Ear \\u00fc\", \"from\": {}},{\"to\": \"P\", \"from\": {\"viseme_PP\": 2}}]}";

        /// <summary>Lines of "family TAB rig TAB names matched TAB name, name, ...".</summary>
        public static void FamiliesAreKnown()
        {
            ChannelMatcher matcher = Places.Matcher();
            string[] lines = File.ReadAllLines(Places.Families);
            Check.True(lines.Length >= 10, "families: " + lines.Length);
            foreach (string line in lines)
            {
                string[] parts = line.Split('\t');
                string[] names = parts[3].Split(',');
                Check.Equal(parts[1], matcher.Identify(names), parts[0] + ": rig");
                MatchReport report = ChannelMatcher.Match(names, matcher[parts[1]]);
                int wanted = int.Parse(parts[2], CultureInfo.InvariantCulture);
                Check.Equal(wanted, report.Matched.Count, parts[0] + ": " + string.Join(" ", report.Unmatched.ToArray()));
                Check.Equal(names.Length - wanted, report.Unmatched.Count, parts[0] + ": unmatched");
            }
        }

        /// <summary>Lines of "name TAB channel TAB viseme" from Python, empty where there is none.</summary>
        public static void SpellingsAreThoseOfPython()
        {
            string[] lines = File.ReadAllLines(Places.Spellings);
            Check.True(lines.Length > 300, "spellings: " + lines.Length);
            foreach (string line in lines)
            {
                string[] parts = line.Split('\t');
                Check.Equal(parts[1], NameFamilies.ChannelName(parts[0]) ?? string.Empty, "channel of " + parts[0]);
                Check.Equal(parts[2], NameFamilies.VisemeName(parts[0]) ?? string.Empty, "viseme of " + parts[0]);
            }
        }

        /// <summary>Lines of "rig TAB 67 values TAB target values" from Python.</summary>
        public static void MapsGiveThePythonValues()
        {
            string[] lines = File.ReadAllLines(Places.Mapped);
            ChannelMatcher matcher = Places.Matcher();
            Check.True(lines.Length >= 14, "cases: " + lines.Length);
            foreach (string line in lines)
            {
                string[] parts = line.Split('\t');
                float[] sources = Numbers(parts[1]);
                float[] wanted = Numbers(parts[2]);
                float[] weights = new float[FacePose.ChannelCount];
                float[] visemes = new float[FacePose.VisemeCount];
                Array.Copy(sources, weights, weights.Length);
                Array.Copy(sources, weights.Length, visemes, 0, visemes.Length);
                RigMapData map = matcher[parts[0]];
                float[] targets = new float[map.Rows.Length];
                map.Evaluate(weights, visemes, targets);
                for (int i = 0; i < targets.Length; i++)
                {
                    Check.Near(wanted[i], targets[i], 1e-6, parts[0] + " " + map.Rows[i].Target);
                }
            }
        }

        public static void MapsReadAndWrite()
        {
            RigMapData map = RigMapData.FromJson(SmallMap, "small");
            Check.Equal(2, map.DrivenCount, "driven");
            Check.Equal(1, map.IndexOf("Ear ü"), "an escaped name");
            float[] weights = new float[FacePose.ChannelCount];
            float[] visemes = new float[FacePose.VisemeCount];
            float[] targets = new float[3];
            weights[(int)Channel.JawOpen] = 0.4f;
            visemes[1] = 0.25f;
            map.Evaluate(weights, visemes, targets);
            Check.Near(0.3, targets[0], 1e-6, "neutral and a half");
            Check.Near(0.5, targets[2], 1e-6, "a viseme");
            weights[(int)Channel.JawOpen] = 1;
            map.Evaluate(weights, visemes, targets);
            Check.Near(0.4, targets[0], 1e-6, "clipped");
            Check.Equal(map.ToJson(), RigMapData.FromJson(map.ToJson(), "again").ToJson(), "there and back");
            foreach (RigMapData shipped in Places.Maps())
            {
                RigMapData again = RigMapData.FromJson(shipped.ToJson(), shipped.Name);
                Check.Equal(shipped.DrivenCount, again.DrivenCount, shipped.Name);
                Check.Equal(shipped.ToJson(), again.ToJson(), shipped.Name);
            }
        }

        public static void WrongMapsAreExplained()
        {
            string[][] cases =
            {
                new[] { "{}", "talkface-rig-map" },
                new[] { "[", "line 1" },
                new[] { SmallMap + "x", "the end" },
                new[] { SmallMap.Replace("\"version\": 1", "\"version\": 2"), "version 1" },
                new[] { SmallMap.Replace("\"name\": \"m\"", "\"name\": \"\""), "\"name\"" },
                new[] { SmallMap.Replace("\"P\"", "\"Jaw\""), "Jaw twice" },
                new[] { SmallMap.Replace("viseme_PP", "viseme_QQ"), "viseme_QQ" },
                new[] { SmallMap.Replace("[0, 0.4]", "[1, 0]"), "row 1: \"range\"" },
                new[] { SmallMap.Replace("[0, 0.4]", "[0]"), "row 1: \"range\"" },
                new[] { SmallMap.Replace("-1", "\"1\""), "\"mouthClose\" must be a number" },
                new[] { SmallMap.Replace("neutral", "rest"), "unknown \"rest\"" },
                new[] { SmallMap.Replace("\"to\": \"P\"", "\"to\": \"\""), "row 3" },
                new[] { SmallMap.Replace("0.5", "NaN"), "a value" },
                new[] { SmallMap.Replace("0.5", "1e999"), "a value" },
                new[] { SmallMap.Replace("\"Jaw\"", "\"J\nw\""), "line break" },
                new[] { SmallMap.Replace("\\u00fc", "\\u00f"), "an escape" },
                new[] { SmallMap.Replace("\"range\": [0, 0.4]", "\"to\": \"J\""), "twice" },
                new[] { new string('[', 40), "deeper" },
            };
            foreach (string[] wrong in cases)
            {
                FormatException error = Check.Throws<FormatException>(
                    () => RigMapData.FromJson(wrong[0], "a.json"), wrong[1]);
                Check.True(error.Message.StartsWith("a.json: ", StringComparison.Ordinal), error.Message);
            }
        }

        public static void SeveralMeshesBindTogether()
        {
            List<string> head = new List<string>(Names.Channels);
            head.Remove("tongueOut");
            string[][] meshes = { head.ToArray(), new[] { "body_fat", "teeth.jawOpen", "teeth.tongueOut" } };
            float[][] scales = { Filled(51, 100), Filled(3, 1) };
            RigBinding binding = RigBinding.Auto(Places.Matcher(), meshes, scales);
            Check.Equal("arkit", binding.Map.Name, "rig");
            Check.Equal(53, binding.Slots.Length, "slots: two meshes have a jaw");
            Check.Equal("body_fat", string.Join(" ", binding.Report.Unmatched.ToArray()), "unmatched");
            Check.Equal("teeth.jawOpen", string.Join(" ", binding.Report.Doubled.ToArray()), "doubled");
            Check.Equal(0, binding.Report.Missing.Count, "missing");
            FacePose pose = new FacePose();
            pose[Channel.JawOpen] = 0.5f;
            binding.Evaluate(pose);
            int moved = 0;
            for (int i = 0; i < binding.Slots.Length; i++)
            {
                bool jaw = meshes[binding.Slots[i].Mesh][binding.Slots[i].Index].Contains("jawOpen");
                Check.Equal(jaw ? 0.5f : 0, binding.Values[i], "slot " + i);
                Check.Equal(binding.Slots[i].Mesh == 0 ? 100f : 1f, binding.Slots[i].Scale, "scale of slot " + i);
                moved += jaw ? 1 : 0;
                Check.True(!jaw || binding.Slots[i].Region == FaceRegion.Jaw, "region");
            }
            Check.Equal(2, moved, "both jaws");
            Check.Throws<ArgumentException>(
                () => RigBinding.Create(binding.Map, meshes, new[] { scales[0] }), "each mesh");
            Check.Throws<ArgumentException>(
                () => RigBinding.Create(binding.Map, meshes, new[] { scales[1], scales[0] }), "each name");
        }

        public static void StrangersHaveNoRig()
        {
            ChannelMatcher matcher = Places.Matcher();
            Check.Equal(null, matcher.Identify(new string[0]), "no names");
            Check.Equal(null, matcher.Identify(new[] { "body_fat", "hat", "Pirate" }), "no face");
            Check.Equal(null, RigBinding.Auto(matcher, new[] { new[] { "hat" } }, new[] { new[] { 1f } }), "binding");
            Check.Throws<ArgumentException>(() => matcher["none"].ToJson(), "vrm1");
            Check.Throws<ArgumentException>(() => new ChannelMatcher(new RigMapData[0]), "arkit");
        }

        public static void ScalesComeFromTheFrames()
        {
            Check.Equal(100f, ChannelMatcher.Scale(100), "FBX");
            Check.Equal(1f, ChannelMatcher.Scale(1), "glTF");
            Check.Equal(100f, ChannelMatcher.Scale(0), "nothing said");
            Check.Equal(100f, ChannelMatcher.Scale(float.NaN), "no number");
        }

        private static float[] Filled(int count, float value)
        {
            float[] values = new float[count];
            for (int i = 0; i < count; i++)
            {
                values[i] = value;
            }
            return values;
        }

        private static float[] Numbers(string text)
        {
            return Array.ConvertAll(text.Split(' '), part => float.Parse(part, CultureInfo.InvariantCulture));
        }
    }
}
