using System;
using System.Collections.Generic;

namespace TalkFace.Tests
{
    [Tests]
    public static class CrowdTests
    {
        public static void ACrowdIsAsOneAlone()
        {
            float[] speech = Places.Speech();
            using (FaceCrowd crowd = new FaceCrowd(Places.Model))
            using (FaceStream alone = new FaceStream(Places.Model, FaceStreamOptions.ForCrowd(16000)))
            {
                List<FaceStream> members = new List<FaceStream>();
                for (int i = 0; i < 4; i++)
                {
                    members.Add(crowd.Join(FaceStreamOptions.ForCrowd(16000)));
                }
                FacePose a = new FacePose();
                FacePose b = new FacePose();
                for (int at = 0; at + 320 <= 24000; at += 320)
                {
                    members.ForEach(member => member.Push(speech, at, 320));
                    alone.Push(speech, at, 320);
                    Check.Equal(FaceStatus.Ok, crowd.Process(), "a tick");
                    alone.Process();
                    alone.SampleNewest(a);
                    members[3].SampleNewest(b);
                    for (int i = 0; i < FacePose.ChannelCount; i++)
                    {
                        Check.Near(a.Weights[i], b.Weights[i], 1e-5, Names.Channels[i] + " at " + at);
                    }
                }
                Check.Equal(4, crowd.Stats.Streams, "members");
                Check.True(crowd.Stats.Steps > crowd.Stats.Runs, "steps are batched");
                members.ForEach(member => member.Push(speech, 0, 3200));
                int frames;
                crowd.Process(1, out frames);
                Check.True(frames > 0 && crowd.Stats.BacklogSteps > 0, "one step, the others wait");
                members[0].Dispose();
                crowd.Process();
                Check.Equal(3, crowd.Stats.Streams, "one left");
                members.ForEach(member => member.Dispose());
            }
            Check.Throws<TalkFaceException>(
                () => new FaceCrowd(Places.Model, new FaceCrowdOptions { MaxBatch = 1000 }), "max_batch");
        }

        public static void ACrowdMayTickByItself()
        {
            using (FaceCrowd crowd = new FaceCrowd(Places.Model))
            using (FaceStream member = crowd.Join(FaceStreamOptions.ForCrowd(16000)))
            {
                crowd.Start(2);
                Check.Throws<TalkFaceException>(() => crowd.Start(2), string.Empty);
                member.Push(Places.Speech(), 0, 3200);
                DateTime end = DateTime.UtcNow.AddSeconds(10);
                while (member.Stats.Frames == 0 && DateTime.UtcNow < end)
                {
                    System.Threading.Thread.Sleep(5);
                }
                crowd.Stop();
                Check.True(member.Stats.Frames > 0, "frames came by themselves");
            }
        }
    }
}
