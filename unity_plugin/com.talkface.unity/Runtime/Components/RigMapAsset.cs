using System;
using System.Collections.Generic;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>
    /// A character's own map: which blendshape is what sum of ARKit's channels and visemes. Auto-fill writes the rows
    /// from the character's names; change them by hand then. Or give the JSON of docs/rigs.md.
    /// </summary>
    [CreateAssetMenu(menuName = "TalkFace/Rig Map", fileName = "RigMap", order = 401)]
    public sealed class RigMapAsset : ScriptableObject
    {
        [SerializeField, Tooltip("A map as JSON; the rows below are not used then.")]
        private TextAsset json;

        [SerializeField]
        private List<Row> rows = new List<Row>();

        public TextAsset Json
        {
            get { return json; }
            set { json = value; Changes++; }
        }

        /// <summary>After changing them by script, Rebind the drivers; the inspector and AutoFill do it by themselves.</summary>
        public List<Row> Rows
        {
            get { return rows; }
        }

        /// <summary>Counts changes, after which drivers bind anew.</summary>
        internal int Changes { get; private set; }

        /// <summary>The map.</summary>
        /// <exception cref="FormatException">it is none; the message names the row</exception>
        public RigMapData ToMap()
        {
            if (json != null)
            {
                return RigMapData.FromJson(json.text, json.name);
            }
            List<RigRow> made = new List<RigRow>();
            foreach (Row row in rows)
            {
                made.Add(new RigRow
                {
                    Target = row.blendshape,
                    Sources = row.sources.ConvertAll(part => part.channel).ToArray(),
                    Weights = row.sources.ConvertAll(part => part.weight).ToArray(),
                    HasRange = true,
                    Low = row.lowest,
                    High = row.highest,
                });
            }
            return new RigMapData(name, string.Empty, made.ToArray());
        }

        /// <summary>
        /// Writes a row for every blendshape name: its sources where a known rig has it, none where not. Names of
        /// VRoid's meshes (Fcl_MTH_A, Fcl_EYE_Close_L) count as the VRM preset that they are.
        /// </summary>
        /// <returns>how many were known</returns>
        public int AutoFill(IEnumerable<string> blendshapes)
        {
            List<string> given = new List<string>(new HashSet<string>(blendshapes));
            Dictionary<string, string> presets = VroidNames.Presets(given);
            List<string> read = given.ConvertAll(name => presets.ContainsKey(name) ? presets[name] : name);
            string rig = presets.Count > 0 ? "vrm0" : RigLibrary.Matcher.Identify(read);
            rows = given.ConvertAll(name => new Row { blendshape = name });
            Changes++;
            if (rig == null)
            {
                return 0;
            }
            RigMapData map = RigLibrary.Matcher[rig];
            MatchReport report = ChannelMatcher.Match(read, map);
            int known = 0;
            for (int i = 0; i < given.Count; i++)
            {
                string target;
                if (report.Matched.TryGetValue(read[i], out target))
                {
                    rows[i].Take(map.Rows[map.IndexOf(target)]);
                    known += rows[i].sources.Count > 0 ? 1 : 0;
                }
            }
            return known;
        }

        /// <summary>The editor, after a change in the inspector or an undo.</summary>
        private void OnValidate()
        {
            Changes++;
        }

        /// <summary>One blendshape and what it is the sum of, clipped to a range.</summary>
        [Serializable]
        public sealed class Row
        {
            public string blendshape;
            public List<Part> sources = new List<Part>();
            public float lowest;
            public float highest = 1;

            internal void Take(RigRow row)
            {
                for (int i = 0; i < row.Sources.Length; i++)
                {
                    sources.Add(new Part { channel = row.Sources[i], weight = row.Weights[i] });
                }
                if (row.HasRange)
                {
                    lowest = row.Low;
                    highest = row.High;
                }
            }
        }

        /// <summary>A share of one ARKit channel ("jawOpen") or viseme ("viseme_PP").</summary>
        [Serializable]
        public struct Part
        {
            public string channel;
            public float weight;
        }
    }

    /// <summary>Blendshape names of VRoid Studio's exports: Face.M_F00_000_00_Fcl_MTH_A and so on.</summary>
    internal static class VroidNames
    {
        private const string Mark = "Fcl_";
        private static readonly Dictionary<string, string> Known = new Dictionary<string, string>
        {
            { "MTH_A", "A" }, { "MTH_I", "I" }, { "MTH_U", "U" }, { "MTH_E", "E" }, { "MTH_O", "O" },
            { "EYE_Close_L", "Blink_L" }, { "EYE_Close_R", "Blink_R" },
        };

        public static Dictionary<string, string> Presets(List<string> names)
        {
            Dictionary<string, string> found = new Dictionary<string, string>();
            foreach (string name in names)
            {
                int at = name.LastIndexOf(Mark, StringComparison.Ordinal);
                string preset;
                if (at >= 0 && Known.TryGetValue(name.Substring(at + Mark.Length), out preset))
                {
                    found[name] = preset;
                }
            }
            return found;
        }
    }
}
