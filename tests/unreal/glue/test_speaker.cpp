// The plugin's own speaker, voice and crowd, with the real library and the shipped bundle.
#include <functional>

#include "Glue.h"
#include "TalkFaceSpeaker.h"

namespace {

FTalkFacePcm Speech(const char* Path, int32 SampleRate) {
  std::FILE* File = std::fopen(Path, "rb");
  std::vector<int16> Values(1 << 22);
  const SIZE_T Count = std::fread(Values.data(), sizeof(int16), Values.size(), File);
  std::fclose(File);
  return FTalkFacePcm::From16(Values.data(), static_cast<int32>(Count), SampleRate, 1);
}

// A game at 50 frames a second, on a clock of its own that keeps pace with the real one.
class FGame {
 public:
  explicit FGame(FTalkFaceSpeaker& InSpeaker) : Speaker(InSpeaker) {}

  // Ticks until Done, or Seconds are over; the news of all ticks together.
  FTalkFaceNews Run(double Seconds, const std::function<bool(const FTalkFaceNews&)>& Done) {
    FTalkFaceNews All;
    for (const double End = Now + Seconds; Now < End && !Done(All); Now += Frame) {
      const FTalkFaceNews News = Speaker.Tick(Now, static_cast<float>(Frame), 0.0f, Pose);
      All.bStarted |= News.bStarted;
      All.bFinished |= News.bFinished;
      All.bInterrupted |= News.bInterrupted;
      All.bReady |= News.bReady;
      All.Refused += News.Refused;
      MostJaw = std::max(MostJaw, Pose.weights[17]);
      for (const float Weight : Pose.weights) bFinite = bFinite && Weight >= 0 && Weight <= 1;
      std::this_thread::sleep_for(std::chrono::milliseconds(4));
    }
    return All;
  }

  static constexpr double Frame = 0.02;
  double Now = 1.0;
  float MostJaw = 0.0f;
  bool bFinite = true;
  talkface_pose Pose = talkface_pose_init();

 private:
  FTalkFaceSpeaker& Speaker;
};

bool Never(const FTalkFaceNews&) { return false; }
bool Finished(const FTalkFaceNews& News) { return News.bFinished; }

void Say(FTalkFaceSpeaker& Speaker, const FTalkFacePcm& Audio, double Now) {
  Speaker.UseFormat(Audio.SampleRate, Audio.Channels);
  Speaker.FollowClock();
  Speaker.GetClock().Start(Now, Speaker.GetPushPosition(), static_cast<uint32>(Audio.SampleRate));
  Speaker.Push(Audio);
  Speaker.Finish();
}

void TestLine(FTalkFaceSpeaker& Speaker, FGame& Game, const FTalkFacePcm& Audio) {
  Speaker.UseFormat(48000, 1);
  Speaker.WarmUp();
  const FTalkFaceNews Ready = Game.Run(60, [](const FTalkFaceNews& All) { return All.bReady; });
  Expect(Ready.bReady && Speaker.IsReady(), "the model is ready after a warm-up");
  Expect(!Speaker.IsSpeaking(), "nothing is said before the first line");
  Game.MostJaw = 0.0f;
  Say(Speaker, Audio, Game.Now);
  Expect(Speaker.IsSpeaking(), "a line that waits counts as speaking");
  const FTalkFaceNews Line = Game.Run(30, Finished);
  Expect(Line.bStarted && Line.bFinished && !Line.bInterrupted, "a line starts and finishes");
  Expect(!Line.bReady, "ready is told once, whatever the format");
  Expect(Game.MostJaw > 0.2f, "the jaw opens while a line is said");
  Expect(!Speaker.IsSpeaking(), "a line that was heard is over");
}

// A line that is pushed while the model opens waits for it, whole.
void TestOpening(const FTalkFaceBundleSource& Source, const FTalkFacePcm& Audio) {
  const TSharedRef<FTalkFaceCrowd> Crowd = MakeShared<FTalkFaceCrowd>(4, 1);
  FTalkFaceSpeaker Speaker(Crowd, FTalkFaceVoiceSetup());
  FGame Game(Speaker);
  Say(Speaker, Audio, Game.Now);
  Game.Run(0.5, Never);
  Crowd->Start(Source);
  Game.Run(60, [&Speaker](const FTalkFaceNews&) { return Speaker.GetVoice()->Get() != nullptr; });
  Expect(Speaker.IsSpeaking() && Speaker.GetPushPosition() == Audio.GetFrames(), "it is all there");
  Speaker.GetClock().Seek(Game.Now, 0, 0.0);
  Game.MostJaw = 0.0f;
  const FTalkFaceNews Line = Game.Run(30, Finished);
  Expect(Line.bStarted && Line.bFinished && Game.MostJaw > 0.2f, "and said when it is open");
}

void TestInterrupt(FTalkFaceSpeaker& Speaker, FGame& Game, const FTalkFacePcm& Audio) {
  Say(Speaker, Audio, Game.Now);
  Game.Run(1.0, Never);
  Speaker.Interrupt(0.1f);
  const FTalkFaceNews After =
      Game.Run(10, [](const FTalkFaceNews& All) { return All.bInterrupted; });
  Expect(After.bInterrupted && !After.bFinished, "an interrupt is told, and is no finish");
  Game.Run(0.6, Never);
  Expect(Game.Pose.weights[17] < 0.1f, "the mouth rests after an interrupt");
  Say(Speaker, Audio, Game.Now);
  Game.MostJaw = 0.0f;
  Expect(Game.Run(30, Finished).bFinished && Game.MostJaw > 0.2f, "the next line is said whole");
}

// Half a second.
FTalkFacePcm Silence(int32 SampleRate) {
  FTalkFacePcm Made;
  Made.SampleRate = SampleRate;
  Made.Channels = 1;
  Made.Samples.resize(static_cast<SIZE_T>(SampleRate / 2));
  return Made;
}

void TestRefused(FTalkFaceSpeaker& Speaker, FGame& Game) {
  FTalkFacePhone Phone;
  Phone.Symbol = u"QQ";
  Phone.EndSeconds = 0.1f;
  Speaker.PushPhones({Phone});
  // In a format that the speaker has not had yet: what is timed waits for its audio.
  Say(Speaker, Silence(24000), Game.Now);
  Expect(Game.Run(20, Finished).Refused == 1, "an unknown phone is told");
  Speaker.PushPhones({Phone});
  Speaker.DropTimed();
  Say(Speaker, Silence(24000), Game.Now);
  Expect(Game.Run(20, Finished).Refused == 0, "phones that were dropped are not said");
  Speaker.PushPhones({Phone});
  Speaker.PlaceTimed();
  Speaker.DropTimed();
  Say(Speaker, Silence(24000), Game.Now);
  Expect(Game.Run(20, Finished).Refused == 1, "phones that were placed are of what is heard next");
}

void TestCutOff(FTalkFaceSpeaker& Speaker, FGame& Game, const FTalkFacePcm& Audio) {
  Say(Speaker, Audio, Game.Now);
  Game.Run(0.5, Never);
  Speaker.Interrupt(0.1f);
  Say(Speaker, Silence(32000), Game.Now);
  const FTalkFaceNews All = Game.Run(20, Finished);
  Expect(All.bInterrupted && All.bStarted && All.bFinished, "a line in another format cuts off");
}

void TestNoRoom(const FTalkFaceBundleSource& Source) {
  const TSharedRef<FTalkFaceCrowd> Crowd = MakeShared<FTalkFaceCrowd>(1, 1);
  Crowd->Start(Source);
  FTalkFaceSpeaker First(Crowd, FTalkFaceVoiceSetup());
  First.UseFormat(16000, 1);
  FTalkFaceSpeaker Second(Crowd, FTalkFaceVoiceSetup());
  FGame Game(Second);
  Say(Second, Silence(16000), Game.Now);  // before the crowd has said no
  const FTalkFaceNews All = Game.Run(60, Finished);
  Expect(All.bStarted && All.bFinished, "a line without a face finishes when it was heard");
  Expect(!Second.IsSpeaking(), "and keeps no audio");
}

void TestNoModel() {
  FTalkFaceBundleSource Source;
  Source.Folder = u"/nowhere";
  const TSharedRef<FTalkFaceCrowd> Crowd = MakeShared<FTalkFaceCrowd>(4, 1);
  Crowd->Start(Source);
  FTalkFaceSpeaker Speaker(Crowd, FTalkFaceVoiceSetup());
  FGame Game(Speaker);
  Speaker.UseFormat(16000, 1);
  const FTalkFaceNews Told = Game.Run(60, [](const FTalkFaceNews& All) { return All.bReady; });
  Expect(Told.bReady && !Speaker.IsReady(), "that there will be no face is told");
  FString Failure;
  Expect(Crowd->TakeFailure(Failure) && !Failure.IsEmpty(), "with the reason");
  Say(Speaker, Silence(16000), Game.Now);
  const double Began = Game.Now;
  Expect(!Speaker.IsSpeaking(), "no audio is kept for a model that is not there");
  Expect((Game.Pose.flags & TALKFACE_POSE_EMPTY) != 0, "and the face is neutral");
  Expect(Game.Run(5, Finished).bFinished, "and the game goes on after the line");
  Expect(Game.Now > Began + 0.45, "not before it was heard");
}

}  // namespace

// Arguments: folder of a bundle; a file of 16-bit mono audio; its sample rate.
int main(int, char** Arguments) {
  FTalkFaceBundleSource Source;
  Source.Folder = UTF8_TO_TCHAR(Arguments[1]);
  const FTalkFacePcm Audio = Speech(Arguments[2], std::atoi(Arguments[3]));
  const TSharedRef<FTalkFaceCrowd> Crowd = MakeShared<FTalkFaceCrowd>(4, 1);
  Crowd->Start(Source);
  {
    FTalkFaceSpeaker Speaker(Crowd, FTalkFaceVoiceSetup());
    FGame Game(Speaker);
    TestLine(Speaker, Game, Audio);
    TestInterrupt(Speaker, Game, Audio);
    TestRefused(Speaker, Game);
    TestCutOff(Speaker, Game, Audio);
    Expect(Game.bFinite, "all weights are in [0, 1]");
  }
  TestOpening(Source, Audio);
  TestNoModel();
  TestNoRoom(Source);
  FString Failure;
  Expect(!Crowd->TakeFailure(Failure), TCHAR_TO_UTF8(*Failure));
  std::printf("%d failures\n", Failures);
  return Failures == 0 ? 0 : 1;
}
