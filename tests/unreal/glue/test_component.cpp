// The plugin's own component and latent nodes, with the real library and the shipped bundle.
#include "Glue.h"
#include "TalkFaceAsync.h"
#include "TalkFaceHearing.h"
#include "TalkFacePoseSink.h"
#include "TalkFaceSettings.h"
#include "TalkFaceSubsystem.h"

namespace {

FTalkFaceBundleSource TheSource;
int Opened = 0;  // crowds that asked where their bundle is

}  // namespace

FTalkFaceBundleSource FTalkFaceBundleSource::GetDefault() {
  ++Opened;
  return TheSource;
}
FTalkFaceBundleSource UTalkFaceBundle::GetSource() const { return TheSource; }

void TalkFace::PublishPose(FName, const talkface_pose&, double) {}
void TalkFace::PublishGone(FName) {}

namespace {

// An actor that talks in a world of 50 frames a second.
class FStage {
 public:
  // Waits for the model so many seconds.
  explicit FStage(ENetMode NetMode = NM_Standalone, double Patience = 60) {
    World.Subsystem = &Subsystem;
    World.NetMode = NetMode;
    Talk.Owner = &Owner;
    Talk.World = &World;
    Talk.bIdleLife = false;
    Talk.SetAudio(&Audio);
    Talk.OnRegister();
    Talk.BeginPlay();
    Talk.OnSpeechStarted.Add([this] { Told += "s"; });
    Talk.OnFinished.Add([this](bool bInterrupted) { Told += bInterrupted ? "i" : "f"; });
    Run(Patience, [this] { return Talk.IsReady(); });
  }
  ~FStage() { Talk.EndPlay(EEndPlayReason::Destroyed); }

  // Ticks until Done, or Seconds are over; the seconds that it took.
  double Run(double Seconds, const std::function<bool()>& Done) {
    const double Start = FPlatformTime::Now;
    for (; FPlatformTime::Now < Start + Seconds && !Done(); FPlatformTime::Now += 0.02) {
      Subsystem.Tick(0.02f);
      Talk.TickComponent(0.02f, LEVELTICK_All, nullptr);
      std::this_thread::sleep_for(std::chrono::milliseconds(4));
    }
    return FPlatformTime::Now - Start;
  }
  void Wait(double Seconds) {
    Run(Seconds, [] { return false; });
  }
  double Until(const char* Wanted, double Seconds = 20) {
    return Run(Seconds, [this, Wanted] { return Told == Wanted; });
  }
  bool HasTold(const char* Wanted) {
    const bool bSame = Told == Wanted;
    if (!bSame) std::printf("told %s, not %s\n", Told.c_str(), Wanted);
    Told.clear();
    return bSame;
  }

  UWorld World;
  AActor Owner;
  UTalkFaceSubsystem Subsystem;
  UAudioComponent Audio;
  UTalkFaceComponent Talk;
  std::string Told;  // s: started, f: finished, i: interrupted
};

// A second of a tone.
USoundWave* Wave(int32 SampleRate = 24000) {
  USoundWave* Made = new USoundWave();
  Made->SampleRate = SampleRate;
  Made->Duration = 1.0f;
  for (int32 Index = 0; Index < SampleRate; ++Index) {
    Made->Decoded.push_back(static_cast<int16>(8000 * std::sin(Index * 0.05)));
  }
  return Made;
}

void TestLine(FStage& Stage) {
  Stage.Talk.Speak(Wave(), {});
  const double Took = Stage.Until("sf");
  Expect(Stage.HasTold("sf"), "a line starts and finishes");
  Expect(Took > 0.95 && Took < 1.5, "when it was heard");
  Expect(Stage.Audio.Sound != nullptr && Stage.Audio.bPlaying, "by the component that was given");
}

void TestReplaced(FStage& Stage) {
  Stage.Talk.Speak(Wave(), {});
  Stage.Talk.Speak(Wave(), {});
  Expect(Stage.HasTold("i"), "a line that was replaced before it began is told at once");
  Stage.Until("sf");
  Expect(Stage.HasTold("sf"), "the other one is said");
  Stage.Talk.Speak(Wave(), {});
  Stage.Talk.Interrupt();
  Expect(Stage.HasTold("i"), "a line that is dropped before it began is told at once");
  Stage.Wait(0.5);
  Expect(Stage.HasTold(""), "and once");
  Stage.Talk.Speak(Wave(), {});
  Stage.Wait(0.5);
  Stage.Talk.Speak(Wave(32000), {});
  Stage.Until("sisf");
  Expect(Stage.HasTold("sisf"), "a line that was replaced while it was said is told");
}

void TestNodes(FStage& Stage) {
  std::string Ended;
  const auto Say = [&Stage, &Ended](const char* Name) {
    UTalkFaceSpeakAction* Action =
        UTalkFaceSpeakAction::TalkFaceSpeak(&Stage.Talk, Wave(), {}, 0.0f);
    Action->Finished.Add([&Ended, Name](bool bInterrupted) {
      Ended += std::string(Name) + (bInterrupted ? "i" : "f");
    });
    Action->Activate();
    return Action;
  };
  const UTalkFaceSpeakAction* First = Say("1");
  const UTalkFaceSpeakAction* Second = Say("2");
  Expect(Ended == "1i" && First->bReadyToDestroy, "a node whose line was replaced goes on");
  Stage.Wait(0.5);
  Expect(!Second->bReadyToDestroy, "the other one waits for its own line");
  const UTalkFaceSpeakAction* Third = Say("3");
  Stage.Run(20, [Third] { return Third->bReadyToDestroy; });
  Expect(Ended == "1i2i3f" && Second->bReadyToDestroy, "each ends once, and with its own line");
  UTalkFaceSpeakAction* Nobody = UTalkFaceSpeakAction::TalkFaceSpeak(nullptr, nullptr, {}, 0.0f);
  Nobody->Activate();
  Expect(Nobody->bReadyToDestroy, "a node with nothing to say ends");
  Stage.Told.clear();
}

void TestPause(FStage& Stage) {
  Stage.Talk.Speak(Wave(), {});
  Stage.Wait(0.5);
  Stage.World.bPaused = true;
  Stage.Wait(3.0);
  Expect(Stage.HasTold("s"), "the game's pause holds the line");
  Stage.World.bPaused = false;
  const double Rest = Stage.Until("f");
  Expect(Stage.HasTold("f") && Rest > 0.4 && Rest < 1.0, "which then goes on where it was");
  Stage.Talk.Speak(Wave(), {});
  Stage.Wait(0.5);
  Stage.Talk.SetPaused(true);
  Stage.World.bPaused = true;
  Stage.Wait(0.5);
  Stage.World.bPaused = false;
  Stage.Wait(2.0);
  Expect(Stage.HasTold("s"), "a line's own pause outlasts the game's");
  Stage.Talk.Speak(Wave(), {});
  Stage.Until("isf");
  Expect(Stage.HasTold("isf") && !Stage.Audio.bPaused, "and ends with the line");
}

void TestPitch(FStage& Stage) {
  Stage.Talk.SetPitch(2.0f);
  Stage.Talk.Speak(Wave(), {});
  Expect(Stage.Until("sf") < 0.9 && Stage.HasTold("sf"), "a pitch holds for lines to come");
  Stage.Talk.SetPitch(1.0f);
}

void Hear(FStage& Stage, ISourceBufferListener& Listener, double Seconds) {
  const std::vector<float> Block(480, 0.1f);
  Stage.Run(Seconds, [&] {
    for (int Half = 0; Half < 2; ++Half) {
      Listener.OnNewBuffer({Block.data(), 480, 1, 48000});
    }
    return false;
  });
}

void TestHeard(FStage& Stage) {
  USoundWave* Live = new USoundWaveProcedural();
  Live->bProcedural = true;
  Stage.Talk.Speak(Live, {});
  const TSharedPtr<ISourceBufferListener> First = Stage.Audio.Listener;
  Hear(Stage, *First, 0.6);
  Stage.Talk.Speak(Live, {});
  const TSharedPtr<ISourceBufferListener> Second = Stage.Audio.Listener;
  First->OnSourceReleased(0);
  Hear(Stage, *Second, 0.6);
  Expect(Stage.HasTold("sis"), "a sound that was left does not end the next one");
  Second->OnSourceReleased(0);
  Stage.Until("f");
  Expect(Stage.HasTold("f"), "a heard line ends with its sound");
}

void TestMicrophone(FStage& Stage) {
  using Audio::FAudioCapture;
  Expect(FAudioCapture::Made == 0, "devices are looked for when a microphone is wanted");
  bAudioDevice = false;
  Expect(!Stage.Talk.ListenToMicrophone(), "none is told");
  bAudioDevice = true;
  Expect(Stage.Talk.ListenToMicrophone() && FAudioCapture::Made == 2, "one is listened to");
  const std::vector<float> Block(480, 0.1f);
  Stage.Run(0.6, [&Block] {
    for (int Half = 0; Half < 2; ++Half) {
      FAudioCapture::OnCapture(Block.data(), 480, 1, 48000, 0.0, false);
    }
    return false;
  });
  Stage.Talk.StopListening();
  Stage.Until("sf");
  Expect(Stage.HasTold("sf"), "until nobody listens any more");
}

// The audio thread may be ahead of the game, and of a model that opens.
void TestOpening() {
  FStage Stage(NM_Standalone, 0);
  USoundWave* Live = new USoundWaveProcedural();
  Live->bProcedural = true;
  Stage.Talk.Speak(Live, {});
  Hear(Stage, *Stage.Audio.Listener, 0.2);
  Stage.Audio.Listener->OnSourceReleased(0);
  Stage.Until("sf", 120);
  Expect(Stage.HasTold("sf"),
         "a sound that ended before the model was open has a start and an end");

  FTalkFaceHearing Hearing;
  const std::vector<float> Block(960, 0.1f);
  for (int Piece = 0; Piece < 10; ++Piece) Hearing.Take(Block.data(), 480, 2, 44100);
  int32 SampleRate = 0;
  int32 Channels = 0;
  Expect(Hearing.HasHeard() && Hearing.WantsVoice(SampleRate, Channels), "a voice is asked for");
  FTalkFaceVoiceSetup Setup;
  Setup.SampleRate = SampleRate;
  Setup.Channels = Channels;
  const TSharedRef<FTalkFaceVoice> Voice = MakeShared<FTalkFaceVoice>(Setup);
  Hearing.SetVoice(Voice);
  Expect(!Hearing.WantsVoice(SampleRate, Channels), "once");
  Hearing.Take(Block.data(), 480, 2, 44100);
  Expect(!Hearing.HandOver(), "what is heard before it is open is kept");
  Stage.Subsystem.GetCrowd(nullptr)->Join(Voice);
  Stage.Run(60, [&] { return Hearing.HandOver(); });
  Hearing.Take(Block.data(), 480, 2, 44100);
  Expect(Voice->Get()->Produced() == 12 * 480, "and given to it, in order");
  Hearing.Close();
  Hearing.Take(Block.data(), 480, 2, 44100);
  Expect(Voice->Get()->Produced() == 12 * 480, "not what comes after the end");
  Stage.Subsystem.GetCrowd(nullptr)->Leave(Voice);
}

// The game goes on while the project's bundle is loaded from the disk.
void TestLoading() {
  UTalkFaceSettings* Settings = const_cast<UTalkFaceSettings*>(GetDefault<UTalkFaceSettings>());
  Settings->DefaultBundle.bPending = true;
  const int Before = Opened;
  FStage Stage(NM_Standalone, 1);
  Stage.Talk.Speak(Wave(), {});
  Stage.Wait(0.5);
  Expect(Opened == Before && Stage.HasTold(""), "an asset that is not there yet is not waited for");
  UAssetManager::GetStreamableManager().Loaded.Call();
  Stage.Until("sf", 60);
  Expect(Opened == Before + 1 && Stage.HasTold("sf"), "a line waits for it");
  { const FStage Left(NM_Standalone, 0); }
  UAssetManager::GetStreamableManager().Loaded.Call();
  Expect(Opened == Before + 1, "a world that was left opens nothing");
  Settings->DefaultBundle.bPending = false;
}

void TestUnheard(FStage& Stage) {
  USoundWave* Live = new USoundWaveProcedural();
  Live->bProcedural = true;
  Live->Duration = INDEFINITELY_LOOPING_DURATION;
  Stage.Talk.Speak(Live, {});
  Stage.Wait(10);
  Expect(Stage.HasTold(""), "an endless sound that plays unheard may be heard yet");
  Stage.Audio.bPlaying = false;
  Stage.Until("sf");
  Expect(Stage.HasTold("sf"), "one that the engine rejects is over");

  USoundWave* Broken = Wave();
  Broken->Decoded.clear();
  Stage.Talk.Speak(Broken, {});
  Stage.Wait(0.5);
  Stage.Talk.SetPaused(true);
  Stage.Wait(10);
  Expect(Stage.HasTold(""), "a pause holds a sound that nobody hears as well");
  Stage.Talk.SetPaused(false);
  const double Rest = Stage.Until("sf");
  Expect(Stage.HasTold("sf") && Rest > 0.5 && Rest < 4, "which then has its length");

  Stage.Talk.Speak(Broken, {});
  Stage.Wait(0.5);
  Stage.Talk.Interrupt();
  Stage.Wait(10);
  Expect(Stage.HasTold("i"), "a sound that nobody hears can be interrupted");

  bAudioDevice = false;
  Stage.Talk.Speak(Wave(), {});
  const double Took = Stage.Until("sf");
  Expect(Stage.HasTold("sf") && Took > 0.95 && Took < 1.1, "as every line without a device");
  bool bWentOn = false;
  UTalkFaceSpeakAction* Node = UTalkFaceSpeakAction::TalkFaceSpeak(&Stage.Talk, Live, {}, 0.0f);
  Node->Finished.Add([&bWentOn](bool bInterrupted) { bWentOn = !bInterrupted; });
  Node->Activate();
  Stage.Run(20, [&bWentOn] { return bWentOn; });
  Expect(bWentOn && Stage.HasTold("sf"), "and a node goes on after it");
  Stage.Talk.PushAudio(TArray<float>(12000, 0.1f), 24000, 1);
  Stage.Talk.FinishSpeech();
  Stage.Until("sf");
  Expect(Stage.HasTold("sf"), "pushed lines have their own length");
  bAudioDevice = true;
}

void TestPushed(FStage& Stage) {
  TArray<float> Half(12000, 0.1f);
  Expect(Stage.Talk.PushAudio(Half, 24000, 1), "audio is taken");
  Stage.Wait(0.3);
  Stage.World.bPaused = true;
  Stage.Wait(2.0);
  Stage.World.bPaused = false;
  Stage.Wait(0.02);
  Expect(Stage.Talk.PushAudio(Half, 24000, 1), "and its second half");
  Stage.Talk.FinishSpeech();
  const double Rest = Stage.Until("sf");
  Expect(Stage.HasTold("sf") && Rest > 0.6, "pushed lines are held by the game's pause too");
  Expect(Stage.Audio.bPlaying, "what the device still has is heard");
  Stage.Wait(1.5);
  Expect(!Stage.Audio.bPlaying, "then the sound ends, and holds no voice of the mixer");
}

void TestEndPlay() {
  FStage Stage;
  Stage.Talk.Speak(Wave(), {});
  Stage.Wait(0.5);
  Stage.Told.clear();
  Stage.Talk.EndPlay(EEndPlayReason::Destroyed);
  Expect(Stage.HasTold("i"), "the end of play ends the line");
}

void TestEndedByListener() {
  FStage Stage;
  Stage.Talk.OnFinished.Add([&Stage](bool) {
    if (Stage.Told == "si") Stage.Talk.EndPlay(EEndPlayReason::Destroyed);
  });
  Stage.Talk.Speak(Wave(), {});
  Stage.Until("s");
  Stage.Talk.Speak(Wave(), {});
  Stage.Wait(2.0);
  Expect(Stage.HasTold("sii"), "play that a listener ends is over at once");
}

// A server has no face to move: no crowd, so no model, and nothing that waits for one.
void TestServer() {
  const int Before = Opened;
  FStage Stage(NM_DedicatedServer, 0);
  Expect(!Stage.Talk.PrimaryComponentTick.bAllowTickOnDedicatedServer, "a server has no ticks");
  Stage.Talk.Speak(Wave(), {});
  Stage.Talk.SetPaused(true);
  Stage.Talk.Interrupt();
  Expect(!Stage.Talk.PushAudio(TArray<float>(480, 0.1f), 48000, 1), "a server takes no audio");
  Expect(Stage.Audio.Sound == nullptr && Stage.HasTold(""), "and plays and tells nothing");
  UTalkFaceSpeakAction* Said = UTalkFaceSpeakAction::TalkFaceSpeak(&Stage.Talk, Wave(), {}, 0.0f);
  Said->Activate();
  UTalkFaceWarmUpAction* Warm = UTalkFaceWarmUpAction::TalkFaceWarmUp(&Stage.Talk);
  Warm->Activate();
  Expect(Said->bReadyToDestroy && Warm->bReadyToDestroy, "but nodes go on");
  Expect(Opened == Before, "a server opens no model");
  bDedicatedServer = true;
  Expect(!Stage.Subsystem.ShouldCreateSubsystem(&Stage.World), "nor has it a subsystem");
  bDedicatedServer = false;
  Expect(Stage.Subsystem.ShouldCreateSubsystem(&Stage.World), "a game has one");
}

}  // namespace

// Argument: folder of a bundle.
int main(int, char** Arguments) {
  TheSource.Folder = UTF8_TO_TCHAR(Arguments[1]);
  {
    FStage Stage;
    TestLine(Stage);
    TestReplaced(Stage);
    TestNodes(Stage);
    TestPause(Stage);
    TestPitch(Stage);
    TestHeard(Stage);
    TestMicrophone(Stage);
    TestPushed(Stage);
    TestUnheard(Stage);
  }
  TestOpening();
  TestLoading();
  TestEndPlay();
  TestEndedByListener();
  TestServer();
  Expect(Opened == 5, "a world opens a bundle once");
  Expect(LoggedErrors == 0, "nothing failed");
  std::printf("%d failures\n", Failures);
  return Failures == 0 ? 0 : 1;
}
