using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace TalkFace
{
    /// <summary>
    /// Spellings of ARKit's 52 names and the 15 visemes (docs/rigs.md): a name is read without its path, known
    /// prefixes, case and filler; L and R at its end are the character's left and right. Not for every frame.
    /// </summary>
    public static class NameFamilies
    {
        private static readonly Regex Prefix = new Regex(
            "^(?:" + string.Join("|", Names.PrefixPatterns) + ")_",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        private static readonly Dictionary<string, string> Channels = ChannelSpellings();
        private static readonly Dictionary<string, string> Visemes = VisemeSpellings();

        /// <summary>ARKit's name of the channel that a target's name spells, or null.</summary>
        public static string ChannelName(string target)
        {
            string found;
            return Channels.TryGetValue(Bare(target), out found) ? found : null;
        }

        /// <summary>Index of the channel that a target's name spells, or -1.</summary>
        public static int ChannelIndex(string target)
        {
            return Array.IndexOf(Names.Channels, ChannelName(target));
        }

        /// <summary>The viseme that a name spells (viseme_PP, vrc.v_pp, ih for I), or null.</summary>
        public static string VisemeName(string target)
        {
            string name = WithoutPath(target).ToLowerInvariant();
            name = WithoutStart(WithoutStart(name, "viseme_"), "v_");
            string found;
            return Visemes.TryGetValue(name, out found) ? found : null;
        }

        /// <summary>A name without its path, prefixes, case and filler: blendShape1.eyeBlink_L is eyeblinkl.</summary>
        public static string Bare(string target)
        {
            string name = WithoutPath(target);
            string shorter = Prefix.Replace(name, string.Empty);
            while (shorter != name)
            {
                name = shorter;
                shorter = Prefix.Replace(name, string.Empty);
            }
            return Regex.Replace(name, @"[_\-\s]", string.Empty).ToLowerInvariant();
        }

        private static string WithoutPath(string name)
        {
            string trimmed = name.Trim();
            return trimmed.Substring(trimmed.LastIndexOfAny(new[] { '.', '|', ':' }) + 1);
        }

        private static string WithoutStart(string name, string start)
        {
            return name.StartsWith(start, StringComparison.Ordinal) ? name.Substring(start.Length) : name;
        }

        private static Dictionary<string, string> ChannelSpellings()
        {
            Dictionary<string, string> table = new Dictionary<string, string>();
            foreach (string name in Names.Channels)
            {
                string key = name.ToLowerInvariant();
                table[key] = name;
                foreach (string side in new[] { "left", "right" })
                {
                    if (key.EndsWith(side, StringComparison.Ordinal))
                    {
                        table[key.Substring(0, key.Length - side.Length) + side[0]] = name;
                    }
                }
            }
            return table;
        }

        private static Dictionary<string, string> VisemeSpellings()
        {
            Dictionary<string, string> table = new Dictionary<string, string>(Names.VisemeSpellings);
            foreach (string name in Names.Visemes)
            {
                table[name.ToLowerInvariant()] = name;
            }
            return table;
        }
    }
}
