using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace TalkFace
{
    /// <summary>Reads JSON into dictionaries, lists, texts, doubles, bools and null. For small documents, not for frames.</summary>
    internal sealed class Json
    {
        private const int MostDepth = 32;
        private readonly string text;
        private int at;

        private Json(string text)
        {
            this.text = text ?? string.Empty;
        }

        public static object Parse(string text)
        {
            Json json = new Json(text);
            object value = json.Value(0);
            json.Skip();
            if (json.at < json.text.Length)
            {
                throw json.Wrong("the end");
            }
            return value;
        }

        public static string Text(Dictionary<string, object> entry, string key)
        {
            object value;
            return entry.TryGetValue(key, out value) ? value as string : null;
        }

        public static double Number(Dictionary<string, object> entry, string key, double otherwise)
        {
            object value;
            if (!entry.TryGetValue(key, out value))
            {
                return otherwise;
            }
            if (!(value is double))
            {
                throw new FormatException("\"" + key + "\" must be a number");
            }
            return (double)value;
        }

        public static void OnlyKeys(Dictionary<string, object> entry, params string[] keys)
        {
            foreach (string key in entry.Keys)
            {
                if (Array.IndexOf(keys, key) < 0)
                {
                    throw new FormatException("unknown \"" + key + "\"; there are " + string.Join(", ", keys));
                }
            }
        }

        public static string Quote(string value)
        {
            StringBuilder quoted = new StringBuilder("\"");
            foreach (char c in value)
            {
                if (c == '"' || c == '\\')
                {
                    quoted.Append('\\').Append(c);
                }
                else if (c < ' ')
                {
                    quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                }
                else
                {
                    quoted.Append(c);
                }
            }
            return quoted.Append('"').ToString();
        }

        private object Value(int depth)
        {
            Skip();
            if (depth > MostDepth)
            {
                throw new FormatException("JSON nests deeper than " + MostDepth);
            }
            if (at >= text.Length)
            {
                throw Wrong("a value");
            }
            switch (text[at])
            {
                case '{':
                    return Object(depth);
                case '[':
                    return List(depth);
                case '"':
                    return String();
                default:
                    return Word();
            }
        }

        private Dictionary<string, object> Object(int depth)
        {
            Dictionary<string, object> entries = new Dictionary<string, object>();
            at++;
            while (!Next('}', entries.Count == 0))
            {
                Skip();
                string key = String();
                if (entries.ContainsKey(key))
                {
                    throw new FormatException("\"" + key + "\" stands twice in one JSON object");
                }
                Skip();
                Expect(':');
                entries.Add(key, Value(depth + 1));
            }
            return entries;
        }

        private List<object> List(int depth)
        {
            List<object> items = new List<object>();
            at++;
            while (!Next(']', items.Count == 0))
            {
                items.Add(Value(depth + 1));
            }
            return items;
        }

        private bool Next(char end, bool first)
        {
            Skip();
            if (at < text.Length && text[at] == end)
            {
                at++;
                return true;
            }
            if (!first)
            {
                Expect(',');
            }
            return false;
        }

        private string String()
        {
            Expect('"');
            StringBuilder value = new StringBuilder();
            while (at < text.Length && text[at] != '"')
            {
                char c = text[at++];
                if (c < ' ')
                {
                    throw Wrong("a text without line breaks");
                }
                value.Append(c == '\\' ? Escape() : c);
            }
            Expect('"');
            return value.ToString();
        }

        private char Escape()
        {
            const string Letters = "\"\\/bfnrt";
            const string Meanings = "\"\\/\b\f\n\r\t";
            char c = at < text.Length ? text[at++] : '\0';
            int index = Letters.IndexOf(c);
            if (index >= 0)
            {
                return Meanings[index];
            }
            ushort code;
            if (c != 'u' || at + 4 > text.Length || !ushort.TryParse(
                text.Substring(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code))
            {
                throw Wrong("an escape");
            }
            at += 4;
            return (char)code;
        }

        private object Word()
        {
            int start = at;
            while (at < text.Length && ",]}: \t\r\n".IndexOf(text[at]) < 0)
            {
                at++;
            }
            string word = text.Substring(start, at - start);
            switch (word)
            {
                case "true":
                    return true;
                case "false":
                    return false;
                case "null":
                    return null;
            }
            double number;
            const NumberStyles Style =
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            bool good = double.TryParse(word, Style, CultureInfo.InvariantCulture, out number);
            if (!good || double.IsInfinity(number) || double.IsNaN(number))
            {
                at = start;
                throw Wrong("a value");
            }
            return number;
        }

        private void Skip()
        {
            while (at < text.Length && " \t\r\n\uFEFF".IndexOf(text[at]) >= 0)
            {
                at++;
            }
        }

        private void Expect(char c)
        {
            if (at >= text.Length || text[at] != c)
            {
                throw Wrong("'" + c + "'");
            }
            at++;
        }

        private FormatException Wrong(string wanted)
        {
            int line = 1;
            for (int i = 0; i < at && i < text.Length; i++)
            {
                line += text[i] == '\n' ? 1 : 0;
            }
            return new FormatException("JSON, line " + line + ": " + wanted + " was expected");
        }
    }
}
