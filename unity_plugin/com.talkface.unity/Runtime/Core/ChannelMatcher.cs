using System;
using System.Collections.Generic;

namespace TalkFace
{
    /// <summary>Which of a character's names a rig knows.</summary>
    public sealed class MatchReport
    {
        /// <summary>Name of the rig that the names are of; null when none is known.</summary>
        public string Rig;

        /// <summary>Given name to the rig's own name.</summary>
        public readonly Dictionary<string, string> Matched = new Dictionary<string, string>();

        /// <summary>Given names that the rig does not know.</summary>
        public readonly List<string> Unmatched = new List<string>();

        /// <summary>Driven names of the rig that were not given.</summary>
        public readonly List<string> Missing = new List<string>();

        /// <summary>Given names that spell what an earlier one spells already; they follow it.</summary>
        public readonly List<string> Doubled = new List<string>();

        public override string ToString()
        {
            return (Rig ?? "no rig") + ": " + Matched.Count + " matched, " + Unmatched.Count + " unmatched, "
                + Missing.Count + " missing";
        }
    }

    /// <summary>Tells the rig of a character's blendshapes and finds each by name in any spelling.</summary>
    public sealed class ChannelMatcher
    {
        /// <summary>
        /// Distinct ARKit channels that make a character an ARKit one, whatever else it has: meshes without a tongue
        /// have 51.
        /// </summary>
        public const int EnoughChannels = 51;

        private readonly Dictionary<string, RigMapData> maps = new Dictionary<string, RigMapData>();
        private readonly List<string> order = new List<string>();

        /// <param name="rigs">maps to choose from; one named "arkit" is needed</param>
        public ChannelMatcher(IEnumerable<RigMapData> rigs)
        {
            foreach (RigMapData map in rigs)
            {
                maps[map.Name] = map;
                order.Add(map.Name);
            }
            if (!maps.ContainsKey("arkit"))
            {
                throw new ArgumentException("the map 'arkit' is needed; the package ships it", "rigs");
            }
        }

        public RigMapData this[string name]
        {
            get
            {
                RigMapData map;
                if (!maps.TryGetValue(name, out map))
                {
                    throw new ArgumentException("no rig '" + name + "'; there are " + string.Join(", ", order.ToArray()));
                }
                return map;
            }
        }

        /// <summary>The rig that names are of, or null when none fits half of them, or half of itself.
        /// "arkit" in any spelling when all names are its, or enough channels are there.</summary>
        public string Identify(IEnumerable<string> names)
        {
            List<string> given = new List<string>();
            HashSet<string> known = new HashSet<string>();
            int spelled = 0;
            foreach (string name in names)
            {
                if (name == "_neutral")
                {
                    continue;
                }
                given.Add(name);
                string channel = NameFamilies.ChannelName(name);
                if (channel != null)
                {
                    spelled++;
                    known.Add(channel);
                }
            }
            if (given.Count == 0)
            {
                return null;
            }
            if (spelled == given.Count || known.Count >= EnoughChannels)
            {
                return "arkit";
            }
            string best = Enough(known.Count, given.Count, Names.Channels.Length) ? "arkit" : null;
            int most = best == null ? 0 : known.Count;
            foreach (string rig in order)
            {
                int count = rig == "arkit" || rig == "readyplayerme" ? 0 : Known(given, maps[rig]);
                if (count > most && Enough(count, given.Count, maps[rig].DrivenCount))
                {
                    most = count;
                    best = rig;
                }
            }
            return best;
        }

        /// <summary>What of a rig a character has; nothing is written.</summary>
        public static MatchReport Match(IEnumerable<string> names, RigMapData map)
        {
            MatchReport report = new MatchReport { Rig = map.Name };
            Dictionary<string, string> byKey = Keys(map);
            HashSet<string> seen = new HashSet<string>();
            foreach (string name in names)
            {
                string target = Find(name, map, byKey);
                if (target == null)
                {
                    report.Unmatched.Add(name);
                    continue;
                }
                if (!seen.Add(target) && !report.Matched.ContainsKey(name))
                {
                    report.Doubled.Add(name);
                }
                report.Matched[name] = target;
            }
            foreach (RigRow row in map.Rows)
            {
                if (row.Sources.Length > 0 && !seen.Contains(row.Target))
                {
                    report.Missing.Add(row.Target);
                }
            }
            return report;
        }

        /// <summary>
        /// The scale of a blendshape's weights: its last frame's weight. FBX files have 100; glTF imports often have 1.
        /// </summary>
        /// <param name="lastFrameWeight">Mesh.GetBlendShapeFrameWeight of the shape's last frame</param>
        public static float Scale(float lastFrameWeight)
        {
            return lastFrameWeight > 0 && !float.IsInfinity(lastFrameWeight) ? lastFrameWeight : 100f;
        }

        internal static Dictionary<string, string> Keys(RigMapData map)
        {
            Dictionary<string, string> byKey = new Dictionary<string, string>();
            foreach (RigRow row in map.Rows)
            {
                byKey[Key(row.Target)] = row.Target;
            }
            return byKey;
        }

        internal static string Find(string name, RigMapData map, Dictionary<string, string> byKey)
        {
            string found;
            if (map.IndexOf(name) >= 0)
            {
                return name;
            }
            return byKey.TryGetValue(Key(name), out found) ? found : null;
        }

        private static string Key(string name)
        {
            string channel = NameFamilies.ChannelName(name);
            if (channel != null)
            {
                return channel;
            }
            string viseme = NameFamilies.VisemeName(name);
            return viseme == null ? name : "viseme_" + viseme;
        }

        /// <summary>Half of the character's names, or half of what the rig drives.</summary>
        private static bool Enough(int known, int given, int driven)
        {
            return known * 2 >= Math.Min(given, driven);
        }

        private static int Known(List<string> given, RigMapData map)
        {
            int found = 0;
            foreach (string name in given)
            {
                string viseme = NameFamilies.VisemeName(name);
                bool has = map.HasIgnoringCase(name) || (viseme != null && map.IndexOf("viseme_" + viseme) >= 0);
                found += has ? 1 : 0;
            }
            return found;
        }
    }
}
