using System.Collections.Generic;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>The rig maps that the package ships (Resources/TalkFace/Rigs), read once.</summary>
    public static class RigLibrary
    {
        private static ChannelMatcher matcher;

        public static ChannelMatcher Matcher
        {
            get
            {
                if (matcher == null)
                {
                    List<RigMapData> maps = new List<RigMapData>();
                    foreach (TextAsset text in Resources.LoadAll<TextAsset>("TalkFace/Rigs"))
                    {
                        maps.Add(RigMapData.FromJson(text.text, text.name));
                    }
                    matcher = new ChannelMatcher(maps);
                }
                return matcher;
            }
        }
    }
}
