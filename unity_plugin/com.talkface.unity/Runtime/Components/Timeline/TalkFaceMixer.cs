using UnityEngine;
using UnityEngine.Playables;

namespace TalkFace.Unity
{
    /// <summary>Mixes the clips of a TalkFace track into one layer of the bound driver.</summary>
    public sealed class TalkFaceMixer : PlayableBehaviour
    {
        private readonly FacePose part = new FacePose();
        private TalkFaceDriver driver;
        private TalkFaceLayer layer;

        public LayerSettings Settings { get; set; }

        public override void ProcessFrame(Playable playable, FrameData info, object playerData)
        {
            TalkFaceDriver bound = playerData as TalkFaceDriver;
            if (bound != driver)
            {
                Leave();
                driver = bound;
            }
            if (driver == null)
            {
                return;
            }
            if (layer == null)
            {
                layer = driver.AddLayer(Settings);
            }
            layer.Weight = Settings.weight * Mathf.Min(1, Mix(playable, layer.Pose));
            if (!Application.isPlaying)
            {
                driver.Preview();
            }
        }

        public override void OnGraphStop(Playable playable)
        {
            Leave();
        }

        public override void OnPlayableDestroy(Playable playable)
        {
            Leave();
        }

        /// <summary>The weighted mean of the clips that play; returns their weight together.</summary>
        private float Mix(Playable playable, FacePose into)
        {
            float total = 0;
            int count = playable.GetInputCount();
            for (int i = 0; i < count; i++)
            {
                float weight = playable.GetInputWeight(i);
                if (weight <= 0)
                {
                    continue;
                }
                Playable input = playable.GetInput(i);
                BakedFaceAsset face = ((ScriptPlayable<TalkFaceClipBehaviour>)input).GetBehaviour().Face;
                if (face == null)
                {
                    continue;
                }
                face.Baked.Sample(input.GetTime(), part);
                total += weight;
                Blend(into, part, weight / total);
            }
            return total;
        }

        /// <summary>A share of 1 replaces, so the first clip needs no cleared pose.</summary>
        private static void Blend(FacePose into, FacePose other, float share)
        {
            if (share >= 1)
            {
                into.CopyFrom(other);
                return;
            }
            for (int i = 0; i < FacePose.ChannelCount; i++)
            {
                into.Weights[i] += (other.Weights[i] - into.Weights[i]) * share;
            }
            for (int i = 0; i < FacePose.VisemeCount; i++)
            {
                into.Visemes[i] += (other.Visemes[i] - into.Visemes[i]) * share;
            }
            into.HeadRotation = Quat.Mix(into.HeadRotation, other.HeadRotation, share);
            into.HeadTranslation = new Vec3(
                Mathf.Lerp(into.HeadTranslation.X, other.HeadTranslation.X, share),
                Mathf.Lerp(into.HeadTranslation.Y, other.HeadTranslation.Y, share),
                Mathf.Lerp(into.HeadTranslation.Z, other.HeadTranslation.Z, share));
        }

        private void Leave()
        {
            if (driver != null && layer != null)
            {
                driver.RemoveLayer(layer);
            }
            driver = null;
            layer = null;
        }
    }
}
