// As much of Live Link as a source needs to be added, announce subjects and send frames.
#pragma once

#include "Game.h"

struct FGuid {};

struct FFrameRate {
  FFrameRate(uint32 InNumerator, uint32) : Numerator(InNumerator) {}
  double AsFrameTime(double Seconds) const { return Seconds * Numerator; }
  uint32 Numerator;
};
struct FQualifiedFrameTime {
  FQualifiedFrameTime() = default;
  FQualifiedFrameTime(double InFrames, const FFrameRate&) : Frames(InFrames) {}
  double Frames = 0.0;
};

struct UScriptStruct {};
struct ULiveLinkBasicRole {
  static UClass* StaticClass() { return nullptr; }
};
struct FLiveLinkSubjectKey {
  FLiveLinkSubjectKey(FGuid, FName InSubject) : Subject(InSubject) {}
  FName Subject;
};
struct FLiveLinkWorldTime {
  FLiveLinkWorldTime() = default;
  explicit FLiveLinkWorldTime(double InSeconds) : Seconds(InSeconds) {}
  double Seconds = 0.0;
};
struct FLiveLinkMetaData {
  TMap<FName, FString> StringMetaData;
  FQualifiedFrameTime SceneTime;
};
struct FLiveLinkBaseStaticData {
  static UScriptStruct* StaticStruct() { return nullptr; }
  TArray<FName> PropertyNames;
};
struct FLiveLinkBaseFrameData {
  static UScriptStruct* StaticStruct() { return nullptr; }
  FLiveLinkWorldTime WorldTime;
  FLiveLinkMetaData MetaData;
  TArray<float> PropertyValues;
};
template <typename Base>
struct TLiveLinkStruct {
  TLiveLinkStruct(const UScriptStruct*) {}
  template <typename T>
  T* Cast() {
    return &Data;
  }
  Base Data;
};
using FLiveLinkStaticDataStruct = TLiveLinkStruct<FLiveLinkBaseStaticData>;
using FLiveLinkFrameDataStruct = TLiveLinkStruct<FLiveLinkBaseFrameData>;

class ILiveLinkClient;
class ILiveLinkSource {
 public:
  virtual ~ILiveLinkSource() = default;
  virtual void ReceiveClient(ILiveLinkClient*, FGuid) = 0;
  virtual bool IsSourceStillValid() const = 0;
  virtual bool RequestSourceShutdown() = 0;
  virtual FText GetSourceType() const = 0;
  virtual FText GetSourceMachineName() const = 0;
  virtual FText GetSourceStatus() const = 0;
};
class ILiveLinkClient {
 public:
  static inline const FName ModularFeatureName{u"ModularFeature_LiveLinkClient"};
  virtual ~ILiveLinkClient() = default;
  virtual FGuid AddSource(TSharedPtr<ILiveLinkSource>) = 0;
  virtual void RemoveSource(TSharedPtr<ILiveLinkSource>) = 0;
  virtual void PushSubjectStaticData_AnyThread(const FLiveLinkSubjectKey&, UClass*,
                                               FLiveLinkStaticDataStruct&&) = 0;
  virtual void PushSubjectFrameData_AnyThread(const FLiveLinkSubjectKey&,
                                              FLiveLinkFrameDataStruct&&) = 0;
  virtual void RemoveSubject_AnyThread(const FLiveLinkSubjectKey&) = 0;
};

class IModularFeatures {
 public:
  static IModularFeatures& Get() {
    static IModularFeatures Features;
    return Features;
  }
  bool IsModularFeatureAvailable(const FName&) const { return Client != nullptr; }
  template <typename T>
  T& GetModularFeature(const FName&) {
    return *Client;
  }
  ILiveLinkClient* Client = nullptr;
};

class UBlueprintFunctionLibrary : public UObject {};
class ULiveLinkSourceFactory : public UObject {
 public:
  enum class EMenuType { MenuEntry };
  virtual FText GetSourceDisplayName() const = 0;
  virtual FText GetSourceTooltip() const = 0;
  virtual EMenuType GetMenuType() const = 0;
  virtual TSharedPtr<ILiveLinkSource> CreateSource(const FString&) const = 0;
};
