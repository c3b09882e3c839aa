#pragma once

#include "Misc/FrameRate.h"
#include "UObject/Class.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/FLiveLinkSubjectName
struct FLiveLinkSubjectName {
  FName Name;
  FLiveLinkSubjectName();
  FLiveLinkSubjectName(FName Name);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/FLiveLinkSubjectKey
struct FLiveLinkSubjectKey {
  FLiveLinkSubjectKey();
  FLiveLinkSubjectKey(FGuid Source, FName Subject);
  FGuid Source;
  FLiveLinkSubjectName SubjectName;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/FLiveLinkWorldTime
struct FLiveLinkWorldTime {
  FLiveLinkWorldTime();
  explicit FLiveLinkWorldTime(double Seconds);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/FLiveLinkMetaData
struct FLiveLinkMetaData {
  TMap<FName, FString> StringMetaData;
  FQualifiedFrameTime SceneTime;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/FLiveLinkBaseStaticData
struct FLiveLinkBaseStaticData {
  static UScriptStruct* StaticStruct();
  TArray<FName> PropertyNames;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/FLiveLinkBaseFrameData
struct FLiveLinkBaseFrameData {
  static UScriptStruct* StaticStruct();
  FLiveLinkWorldTime WorldTime;
  FLiveLinkMetaData MetaData;
  TArray<float> PropertyValues;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/FLiveLinkStaticDataStruct
class FLiveLinkStaticDataStruct {
 public:
  FLiveLinkStaticDataStruct(const UScriptStruct* Type);
  FLiveLinkStaticDataStruct(FLiveLinkStaticDataStruct&& Other);
  FLiveLinkStaticDataStruct(const FLiveLinkStaticDataStruct&) = delete;
  template <typename T>
  requires std::is_base_of_v<FLiveLinkBaseStaticData, T> T* Cast();
  template <typename T>
  requires std::is_base_of_v<FLiveLinkBaseStaticData, T>
  const T* Cast() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/LiveLinkInterface/FLiveLinkFrameDataStruct
class FLiveLinkFrameDataStruct {
 public:
  FLiveLinkFrameDataStruct(const UScriptStruct* Type);
  FLiveLinkFrameDataStruct(FLiveLinkFrameDataStruct&& Other);
  FLiveLinkFrameDataStruct(const FLiveLinkFrameDataStruct&) = delete;
  template <typename T>
  requires std::is_base_of_v<FLiveLinkBaseFrameData, T> T* Cast();
  template <typename T>
  requires std::is_base_of_v<FLiveLinkBaseFrameData, T>
  const T* Cast() const;
};
