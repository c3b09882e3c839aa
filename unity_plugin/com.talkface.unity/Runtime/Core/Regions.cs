using System;

namespace TalkFace
{
    /// <summary>Parts of a face, for layers.</summary>
    [Flags]
    public enum FaceRegion
    {
        None = 0,
        Lips = 1,
        Jaw = 2,
        Eyes = 4,
        Brows = 8,
        Cheeks = 16,
        Head = 32,
        All = 63,
    }

    /// <summary>The region of a channel: tongue and mouth are lips, nose is cheeks.</summary>
    public static class Regions
    {
        private static readonly FaceRegion[] OfChannels = Array.ConvertAll(Names.Channels, OfName);

        /// <summary>Regions of all 52 channels; a copy.</summary>
        public static FaceRegion[] Channels
        {
            get { return (FaceRegion[])OfChannels.Clone(); }
        }

        public static FaceRegion Of(Channel channel)
        {
            return OfChannels[(int)channel];
        }

        /// <summary>Region of a rig map's row: that of its strongest source; a viseme is lips, none is None.</summary>
        public static FaceRegion Of(RigRow row)
        {
            float most = 0;
            FaceRegion region = FaceRegion.None;
            for (int i = 0; i < row.Sources.Length; i++)
            {
                float size = Math.Abs(row.Weights[i]);
                if (size > most)
                {
                    most = size;
                    int channel = row.SourceIndices[i];
                    region = channel < FacePose.ChannelCount ? OfChannels[channel] : FaceRegion.Lips;
                }
            }
            return region;
        }

        private static FaceRegion OfName(string name)
        {
            if (name.StartsWith("jaw", StringComparison.Ordinal))
            {
                return FaceRegion.Jaw;
            }
            if (name.StartsWith("eye", StringComparison.Ordinal))
            {
                return FaceRegion.Eyes;
            }
            if (name.StartsWith("brow", StringComparison.Ordinal))
            {
                return FaceRegion.Brows;
            }
            bool cheek = name.StartsWith("cheek", StringComparison.Ordinal)
                || name.StartsWith("nose", StringComparison.Ordinal);
            return cheek ? FaceRegion.Cheeks : FaceRegion.Lips;
        }
    }
}
