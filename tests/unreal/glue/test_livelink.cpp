// The plugin's own Live Link source, over a client that notes what it gets.
#include "Glue.h"
#include "TalkFaceCore/ArkitNames.h"
#include "TalkFaceLiveLinkLibrary.h"
#include "TalkFaceLiveLinkSource.h"
#include "TalkFaceLiveLinkSourceFactory.h"

namespace {

struct FClient : ILiveLinkClient {
  FGuid AddSource(TSharedPtr<ILiveLinkSource> Source) override {
    Added = Source;
    Source->ReceiveClient(this, {});
    return {};
  }
  void RemoveSource(TSharedPtr<ILiveLinkSource> Source) override {
    Source->RequestSourceShutdown();
    Added = nullptr;
  }
  void PushSubjectStaticData_AnyThread(const FLiveLinkSubjectKey& Key, UClass*,
                                       FLiveLinkStaticDataStruct&& Static) override {
    Names.FindOrAdd(Key.Subject) = Static.Data.PropertyNames;
    ++Announced;
  }
  void PushSubjectFrameData_AnyThread(const FLiveLinkSubjectKey& Key,
                                      FLiveLinkFrameDataStruct&& Frame) override {
    Frames.FindOrAdd(Key.Subject) = Frame.Data;
    ++Sent;
  }
  void RemoveSubject_AnyThread(const FLiveLinkSubjectKey& Key) override {
    Removed += ToNarrow(*Key.Subject.ToString()) + " ";
  }

  TSharedPtr<ILiveLinkSource> Added;
  TMap<FName, TArray<FName>> Names;
  TMap<FName, FLiveLinkBaseFrameData> Frames;
  int Announced = 0;
  int Sent = 0;
  std::string Removed;
};

void TestPublished(FClient& Client, const FName& Subject, int32 Count, const TCHAR* Jaw) {
  const TArray<FName>& Names = Client.Names.FindOrAdd(Subject);
  const FLiveLinkBaseFrameData& Frame = Client.Frames.FindOrAdd(Subject);
  Expect(Names.Num() == Count && Frame.PropertyValues.Num() == Count, "a frame fits its names");
  const auto At = std::find(Names.begin(), Names.end(), FName(Jaw)) - Names.begin();
  Expect(At < Count && Frame.PropertyValues.at(static_cast<SIZE_T>(At)) == 0.5f, "the jaw opens");
  Expect(Frame.WorldTime.Seconds == 7.0, "at the time of the pose");
}

void TestSource(FClient& Client) {
  Expect(UTalkFaceLiveLinkLibrary::AddTalkFaceLiveLinkSource(), "a source is added");
  const ILiveLinkSource* First = Client.Added.Get();
  Expect(UTalkFaceLiveLinkLibrary::AddTalkFaceLiveLinkSource() && Client.Added.Get() == First,
         "once");
  talkface_pose Pose = talkface_pose_init();
  Pose.weights[TalkFaceCore::Channel::JawOpen] = 0.5f;
  TalkFace::PublishPose(u"Guard", Pose, 6.0);
  TalkFace::PublishPose(u"Guard", Pose, 7.0);
  Expect(Client.Announced == 2 && Client.Sent == 4, "names are sent once, frames always");
  TestPublished(Client, u"Guard", 61, u"JawOpen");
  TestPublished(Client, u"Guard_MetaHuman", 260, u"CTRL_expressions_jawOpen");
  Expect(
      *Client.Frames.FindOrAdd(u"Guard_MetaHuman").MetaData.StringMetaData.Find(u"HeadPoseMode") ==
          FString(u"2"),
      "a MetaHuman's frame says what its head is");
  TalkFace::PublishGone(u"Guard");
  Expect(Client.Removed == "Guard Guard_MetaHuman ", "both subjects go with their component");
  UTalkFaceLiveLinkLibrary::RemoveTalkFaceLiveLinkSource();
  TalkFace::PublishPose(u"Guard", Pose, 8.0);
  Expect(Client.Added == nullptr && Client.Sent == 4, "a source that was removed sends no more");
}

void TestLetGo(FClient& Client) {
  UTalkFaceLiveLinkLibrary::AddTalkFaceLiveLinkSource();
  Client.RemoveSource(Client.Added);
  const int Sent = Client.Sent;
  TalkFace::PublishPose(u"Guard", talkface_pose_init(), 9.0);
  Expect(Client.Sent == Sent, "a source that the client let go is gone");
  Expect(UTalkFaceLiveLinkLibrary::AddTalkFaceLiveLinkSource(), "and can be added anew");
  UTalkFaceLiveLinkLibrary::RemoveTalkFaceLiveLinkSource();
}

void TestPanel(FClient& Client) {
  const TSharedPtr<ILiveLinkSource> Made = UTalkFaceLiveLinkSourceFactory().CreateSource({});
  TalkFace::PublishPose(u"Guard", talkface_pose_init(), 9.0);
  Expect(Client.Sent == 4, "a source of the panel waits for its client");
  Client.AddSource(Made);
  TalkFace::PublishPose(u"Guard", talkface_pose_init(), 9.0);
  Expect(Client.Sent == 6, "then it sends");
}

struct FOnce : ITalkFacePoseSink, std::enable_shared_from_this<FOnce> {
  void OnPose(FName, const talkface_pose&, double) override {
    ++Taken;
    TalkFace::RemovePoseSink(shared_from_this());
  }
  void OnGone(FName) override {}
  int Taken = 0;
};

void TestRemovedWhileVisited() {
  const TSharedRef<FOnce> First = MakeShared<FOnce>();
  const TSharedRef<FOnce> Second = MakeShared<FOnce>();
  TalkFace::AddPoseSink(First);
  TalkFace::AddPoseSink(Second);
  for (int Pose = 0; Pose < 2; ++Pose) {
    TalkFace::PublishPose(u"Guard", talkface_pose_init(), 9.0);
  }
  Expect(First->Taken == 1 && Second->Taken == 1, "sinks may remove themselves while they take");
}

void TestServer() {
  bDedicatedServer = true;
  Expect(!UTalkFaceLiveLinkLibrary::AddTalkFaceLiveLinkSource(), "a server has no source");
  Expect(UTalkFaceLiveLinkSourceFactory().CreateSource({}) == nullptr, "by no way");
}

}  // namespace

int main() {
  Expect(!UTalkFaceLiveLinkLibrary::AddTalkFaceLiveLinkSource(), "without Live Link no source");
  FClient Client;
  IModularFeatures::Get().Client = &Client;
  TestSource(Client);
  TestPanel(Client);
  TestLetGo(Client);
  TestRemovedWhileVisited();
  TestServer();
  std::printf("%d failures\n", Failures);
  return Failures == 0 ? 0 : 1;
}
