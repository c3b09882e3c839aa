using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace TalkFace
{
    /// <summary>One target of a rig map: neutral + sum(weight * source), clipped to its range where it has one.</summary>
    public sealed class RigRow
    {
        public string Target;

        /// <summary>ARKit channels, or viseme_PP and so on; none: the target rests.</summary>
        public string[] Sources = new string[0];

        public float[] Weights = new float[0];
        public bool HasRange;
        public float Low;
        public float High;
        public float Neutral;
        public string Why = string.Empty;

        /// <summary>Of each source: 0 to 51 a channel, 52 to 66 a viseme. Filled by RigMapData.</summary>
        public int[] SourceIndices = new int[0];
    }

    /// <summary>A named linear map from ARKit's 52 channels and the 15 visemes to a rig (docs/rigs.md).</summary>
    public sealed class RigMapData
    {
        public const string Format = "talkface-rig-map";
        public const int Version = 1;
        private readonly Dictionary<string, int> indices = new Dictionary<string, int>();
        private readonly HashSet<string> lower = new HashSet<string>();

        /// <exception cref="FormatException">a target twice, none at all, or a source that is neither channel nor viseme</exception>
        public RigMapData(string name, string doc, RigRow[] rows)
        {
            Name = name;
            Doc = doc ?? string.Empty;
            Rows = rows;
            if (rows == null || rows.Length == 0)
            {
                throw new FormatException("map '" + name + "' has no rows");
            }
            for (int i = 0; i < rows.Length; i++)
            {
                if (indices.ContainsKey(rows[i].Target))
                {
                    throw new FormatException("map '" + name + "' names the target " + rows[i].Target + " twice");
                }
                indices.Add(rows[i].Target, i);
                lower.Add(rows[i].Target.ToLowerInvariant());
                rows[i].SourceIndices = Array.ConvertAll(rows[i].Sources, source => SourceIndex(source, rows[i].Target));
                DrivenCount += rows[i].Sources.Length > 0 ? 1 : 0;
            }
        }

        public string Name { get; private set; }
        public string Doc { get; private set; }
        public RigRow[] Rows { get; private set; }

        /// <summary>Targets that have a source.</summary>
        public int DrivenCount { get; private set; }

        /// <summary>Reads a rig map's JSON.</summary>
        /// <param name="json">the document</param>
        /// <param name="where">begins the message of an error: a file's name</param>
        /// <exception cref="FormatException">the text is no rig map; the message names the row</exception>
        public static RigMapData FromJson(string json, string where)
        {
            try
            {
                Dictionary<string, object> root = Json.Parse(json) as Dictionary<string, object>;
                if (root == null || Json.Text(root, "format") != Format)
                {
                    throw new FormatException("not a rig map: it needs \"format\": \"" + Format + "\"");
                }
                if (Json.Number(root, "version", 0) != Version)
                {
                    throw new FormatException("this package reads version " + Version + " of rig maps");
                }
                Json.OnlyKeys(root, "format", "version", "name", "doc", "rows");
                object rows;
                if (string.IsNullOrEmpty(Json.Text(root, "name")) || !root.TryGetValue("rows", out rows)
                    || !(rows is List<object>))
                {
                    throw new FormatException("a rig map needs \"name\" and \"rows\", a list");
                }
                return new RigMapData(Json.Text(root, "name"), Json.Text(root, "doc"), ReadRows((List<object>)rows));
            }
            catch (FormatException error)
            {
                throw new FormatException(where + ": " + error.Message);
            }
        }

        /// <summary>The map as JSON, one row a line.</summary>
        public string ToJson()
        {
            StringBuilder text = new StringBuilder();
            text.Append("{\"format\": \"").Append(Format).Append("\", \"version\": ").Append(Version);
            text.Append(", \"name\": ").Append(Json.Quote(Name)).Append(", \"doc\": ").Append(Json.Quote(Doc));
            text.Append(",\n \"rows\": [");
            for (int i = 0; i < Rows.Length; i++)
            {
                text.Append(i == 0 ? "\n  " : ",\n  ");
                WriteRow(text, Rows[i]);
            }
            return text.Append("\n]}\n").ToString();
        }

        /// <summary>Row of a target's exact name, or -1.</summary>
        public int IndexOf(string target)
        {
            int index;
            return indices.TryGetValue(target, out index) ? index : -1;
        }

        public bool HasIgnoringCase(string target)
        {
            return lower.Contains(target.ToLowerInvariant());
        }

        /// <summary>Values of all targets for a pose's weights and visemes; allocates nothing.</summary>
        public void Evaluate(float[] weights, float[] visemes, float[] targets)
        {
            for (int i = 0; i < Rows.Length; i++)
            {
                RigRow row = Rows[i];
                double sum = row.Neutral;
                for (int s = 0; s < row.SourceIndices.Length; s++)
                {
                    int index = row.SourceIndices[s];
                    float value = index < FacePose.ChannelCount ? weights[index] : visemes[index - FacePose.ChannelCount];
                    sum += (double)value * row.Weights[s];
                }
                if (row.HasRange)
                {
                    sum = Math.Min(Math.Max(sum, row.Low), row.High);
                }
                targets[i] = (float)sum;
            }
        }

        private static int SourceIndex(string source, string target)
        {
            int channel = NameFamilies.ChannelIndex(source);
            if (channel >= 0)
            {
                return channel;
            }
            for (int i = 0; i < Names.Visemes.Length; i++)
            {
                if (source == "viseme_" + Names.Visemes[i])
                {
                    return FacePose.ChannelCount + i;
                }
            }
            throw new FormatException(
                "target " + target + " has the source " + source + ", which is no ARKit channel and no viseme");
        }

        private static RigRow[] ReadRows(List<object> rows)
        {
            RigRow[] made = new RigRow[rows.Count];
            for (int i = 0; i < made.Length; i++)
            {
                try
                {
                    made[i] = ReadRow(rows[i] as Dictionary<string, object>);
                }
                catch (FormatException error)
                {
                    throw new FormatException("row " + (i + 1) + ": " + error.Message);
                }
            }
            return made;
        }

        private static RigRow ReadRow(Dictionary<string, object> entry)
        {
            object sources;
            if (entry == null || string.IsNullOrEmpty(Json.Text(entry, "to")) || !entry.TryGetValue("from", out sources)
                || !(sources is Dictionary<string, object>))
            {
                throw new FormatException("a row is an object with \"to\", a name, and \"from\", weights by name");
            }
            Json.OnlyKeys(entry, "to", "from", "range", "neutral", "why");
            Dictionary<string, object> from = (Dictionary<string, object>)sources;
            List<string> names = new List<string>(from.Keys);
            RigRow row = new RigRow
            {
                Target = Json.Text(entry, "to"),
                Sources = names.ToArray(),
                Weights = names.ConvertAll(name => (float)Json.Number(from, name, 0)).ToArray(),
                Neutral = (float)Json.Number(entry, "neutral", 0),
                Why = Json.Text(entry, "why") ?? string.Empty,
            };
            object range;
            if (entry.TryGetValue("range", out range))
            {
                List<object> ends = range as List<object>;
                if (ends == null || ends.Count != 2 || !(ends[0] is double) || !(ends[1] is double)
                    || (double)ends[0] > (double)ends[1])
                {
                    throw new FormatException("\"range\" must be [lowest, highest]");
                }
                row.HasRange = true;
                row.Low = (float)(double)ends[0];
                row.High = (float)(double)ends[1];
            }
            return row;
        }

        private static void WriteRow(StringBuilder text, RigRow row)
        {
            text.Append("{\"to\": ").Append(Json.Quote(row.Target)).Append(", \"from\": {");
            for (int i = 0; i < row.Sources.Length; i++)
            {
                text.Append(i == 0 ? string.Empty : ", ").Append(Json.Quote(row.Sources[i])).Append(": ");
                text.Append(Invariant(row.Weights[i]));
            }
            text.Append('}');
            if (row.HasRange)
            {
                text.Append(", \"range\": [").Append(Invariant(row.Low)).Append(", ").Append(Invariant(row.High));
                text.Append(']');
            }
            if (row.Neutral != 0)
            {
                text.Append(", \"neutral\": ").Append(Invariant(row.Neutral));
            }
            text.Append(", \"why\": ").Append(Json.Quote(row.Why)).Append('}');
        }

        private static string Invariant(float value)
        {
            return value.ToString("R", CultureInfo.InvariantCulture);
        }
    }
}
