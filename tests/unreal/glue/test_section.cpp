// The plugin's own Sequencer section and what it shows of a component.
#include "Glue.h"
#include "TalkFaceComponent.h"
#include "TalkFacePoseSink.h"
#include "TalkFaceSection.h"
#include "TalkFaceSectionTemplate.h"
#include "TalkFaceSubsystem.h"

FTalkFaceBundleSource FTalkFaceBundleSource::GetDefault() { return {}; }
FTalkFaceBundleSource UTalkFaceBundle::GetSource() const { return {}; }

void TalkFace::PublishPose(FName, const talkface_pose&, double) {}
void TalkFace::PublishGone(FName) {}

namespace {

// A sequence of 60 frames a second with a section from frame 600 on, whose jaw opens by 0.1 a
// second.
class FSequence {
 public:
  FSequence() : Section(FObjectInitializer()) {
    std::vector<talkface_pose> Poses;
    for (int Second = 0; Second <= 10; ++Second) {
      Poses.push_back(talkface_pose_init());
      Poses.back().weights[TalkFaceCore::Channel::JawOpen] = 0.1f * static_cast<float>(Second);
    }
    Section.Clip.Set(Poses, 1);
    Section.Start = 600;
    Section.End = 1200;
    Context.Rate.Rate = 60.0;
    Talk.World = &World;
    Talk.OnRegister();
    Player.Bound.Add(TWeakObjectPtr<>(&Talk));
  }

  // The jaw of the component at a frame of the sequence.
  float JawAt(int32 Frame) {
    Context.Time = Frame;
    const FTalkFaceSectionTemplate Template(Section);
    FMovieSceneExecutionTokens Tokens;
    Template.Evaluate({}, Context, Data, Tokens);
    for (const auto& Token : Tokens.Tokens) Token->Execute(Context, {}, Data, Player);
    return Jaw();
  }
  float Jaw() {
    Talk.TickComponent(0.02f, LEVELTICK_All, nullptr);
    return Talk.GetPose().weights[TalkFaceCore::Channel::JawOpen];
  }
  bool Shows(int32 Frame, float Wanted) { return std::fabs(JawAt(Frame) - Wanted) < 1e-5f; }

  UTalkFaceSection Section;
  UWorld World;
  UTalkFaceComponent Talk;
  IMovieScenePlayer Player;
  FMovieSceneContext Context;
  FPersistentEvaluationData Data;
};

void TestPlayed(FSequence& Sequence) {
  Expect(Sequence.Shows(600, 0.0f) && Sequence.Shows(900, 0.5f),
         "the clip plays from the start on");
  Expect(Sequence.Shows(630, 0.05f), "between its frames too");
  Expect(Sequence.Shows(0, 0.0f) && Sequence.Shows(6000, 1.0f), "and is held before and after");
  Sequence.Section.Weight = 0.5f;
  Expect(Sequence.Shows(900, 0.25f), "it weighs as much as it says");
  Sequence.Section.Weight = 1.0f;
  FTalkFaceSectionTemplate(Sequence.Section).TearDown(Sequence.Data, Sequence.Player);
  Expect(Sequence.Jaw() == 0.0f, "the component gets its face back");
}

void TestTrimmed(FSequence& Sequence) {
  UTalkFaceSection& Section = Sequence.Section;
  Section.TrimSection({FFrameNumber(720)}, true, true);
  Expect(Section.Start == 720 && Sequence.Shows(900, 0.5f), "a trim leaves the face where it was");
  Section.TrimSection({FFrameNumber(1000)}, false, true);
  Expect(Section.Start == 720 && Sequence.Shows(900, 0.5f), "so does one of the end");
  Expect(Section.GetOffsetTime()->FrameNumber == 120, "Sequencer knows what lies before");
  Section.bLocked = true;
  Section.TrimSection({FFrameNumber(800)}, true, true);
  Expect(Section.Start == 720 && Sequence.Shows(900, 0.5f), "a locked section is not trimmed");
  Section.bLocked = false;
  Section.Start = Section.MoveStart(660);
  Expect(Section.Start == 660 && Sequence.Shows(900, 0.5f), "the start can be drawn back");
  Section.Start = Section.MoveStart(10);
  Expect(Section.Start == 600 && Sequence.Shows(900, 0.5f), "to where the clip begins");
  Section.Start = Section.MoveStart(660);
  Section.Start = 1260;
  Expect(Sequence.Shows(1500, 0.5f), "a section that is moved takes its face along");
  Section.MigrateFrameTimes({60.0}, {120.0});
  Expect(Section.StartFrameOffset == 120, "another resolution keeps the time");
}

}  // namespace

int main() {
  FSequence Sequence;
  TestPlayed(Sequence);
  TestTrimmed(Sequence);
  std::printf("%d failures\n", Failures);
  return Failures == 0 ? 0 : 1;
}
