// As much of a world, its actors and its sounds as a component needs to speak without an engine.
#pragma once

#include <functional>

#include "CoreMinimal.h"

// Errors that were logged.
inline int LoggedErrors = 0;
template <typename... A>
void Log(const char* Verbosity, const A&...) {
  LoggedErrors += std::strcmp(Verbosity, "Error") == 0 ? 1 : 0;
}
#define UE_LOG(Category, Verbosity, ...) ::Log(#Verbosity, __VA_ARGS__)
#define DECLARE_LOG_CATEGORY_EXTERN(...)

// False as with -nosound.
inline bool bAudioDevice = true;

// As with -server.
inline bool bDedicatedServer = false;
inline bool IsRunningDedicatedServer() { return bDedicatedServer; }

// The time of the test.
struct FPlatformTime {
  static double Seconds() { return Now; }
  static inline double Now = 1.0;
};

struct FRotator {
  FRotator(double, double, double) {}
};

template <typename T>
struct TObjectPtr {
  TObjectPtr(T* Given = nullptr) : Object(Given) {}
  operator T*() const { return Object; }
  T* operator->() const { return Object; }
  T* Object;
};

template <typename T = UObject>
struct TWeakObjectPtr {
  TWeakObjectPtr(T* Given = nullptr) : Object(Given) {}
  T* Get() const { return Object; }
  bool operator==(const TWeakObjectPtr&) const = default;
  bool IsValid() const { return Object != nullptr; }
  void Reset() { Object = nullptr; }
  T* Object;
};

struct FSoftObjectPath {};
template <typename T>
struct TSoftObjectPtr {
  T* LoadSynchronous() const { return nullptr; }
  bool IsPending() const { return bPending; }
  FSoftObjectPath ToSoftObjectPath() const { return {}; }
  bool bPending = false;
};

// Loads until a test says that it has.
struct FStreamableDelegate {
  static FStreamableDelegate CreateLambda(std::function<void()> Given) { return {Given}; }
  std::function<void()> Call;
};
struct FStreamableManager {
  void RequestAsyncLoad(const FSoftObjectPath&, const FStreamableDelegate& Given) {
    Loaded = Given;
  }
  FStreamableDelegate Loaded;
};
struct UAssetManager {
  static FStreamableManager& GetStreamableManager() {
    static FStreamableManager Manager;
    return Manager;
  }
};

template <typename T, typename F>
T* Cast(F* Given) {
  return dynamic_cast<T*>(Given);
}

template <typename T, typename... A>
T* NewObject(A...) {
  T* Made = new T();
  Made->PostInitProperties();
  return Made;
}

template <typename T>
const T* GetDefault() {
  static const T Default;
  return &Default;
}

template <typename... A>
class TListeners {
 public:
  template <typename O, typename C>
  void AddUObject(O* Object, void (C::*Method)(A...)) {
    Bound.push_back({Object, [Object, Method](A... Given) { (Object->*Method)(Given...); }});
  }
  void RemoveAll(const void* Object) {
    Bound.erase(std::remove_if(Bound.begin(), Bound.end(),
                               [Object](const auto& Each) { return Each.first == Object; }),
                Bound.end());
  }
  void Add(std::function<void(A...)> Listener) { Bound.push_back({nullptr, Listener}); }
  void Broadcast(A... Given) const {
    const auto Copy = Bound;
    for (const auto& Each : Copy) Each.second(Given...);
  }

 private:
  std::vector<std::pair<const void*, std::function<void(A...)>>> Bound;
};
#define AddDynamic(Object, Method) AddUObject(Object, Method)
#define RemoveDynamic(Object, Method) RemoveAll(Object)
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE(Name) using Name = TListeners<>
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(Name, A, AName) using Name = TListeners<A>

enum ELevelTick { LEVELTICK_All };
enum ETickingGroup { TG_PrePhysics };
namespace EEndPlayReason {
enum Type { Destroyed };
}
struct FActorComponentTickFunction {
  bool bCanEverTick = false;
  bool bTickEvenWhenPaused = false;
  bool bAllowTickOnDedicatedServer = true;
  ETickingGroup TickGroup = TG_PrePhysics;
};

class AActor;
class USoundSubmix : public UObject {};

// Nothing plays in it.
class ISubmixBufferListener {
 public:
  virtual ~ISubmixBufferListener() = default;
  virtual void OnNewSubmixBuffer(const USoundSubmix*, float*, int32, int32, const int32,
                                 double) = 0;
  virtual const FString& GetListenerName() const = 0;
};

struct FAudioDevice {
  USoundSubmix& GetMainSubmixObject();
  void RegisterSubmixBufferListener(TSharedPtr<ISubmixBufferListener>, USoundSubmix&) {}
  void UnregisterSubmixBufferListener(TSharedPtr<ISubmixBufferListener>, USoundSubmix&) {}
};
inline USoundSubmix& FAudioDevice::GetMainSubmixObject() {
  static USoundSubmix Main;
  return Main;
}

struct FAudioDeviceHandle {
  bool IsValid() const { return bAudioDevice; }
  FAudioDevice* operator->() const {
    static FAudioDevice Device;
    return &Device;
  }
};

struct TStatId {};
#define RETURN_QUICK_DECLARE_CYCLE_STAT(...) return TStatId()
class UTickableWorldSubsystem : public UObject {
 public:
  using Super = UTickableWorldSubsystem;
  virtual bool ShouldCreateSubsystem(UObject*) const { return true; }
  virtual void Deinitialize() {}
  virtual void Tick(float) {}
  virtual TStatId GetStatId() const = 0;
  virtual bool IsTickableInEditor() const { return false; }
};

enum ENetMode { NM_Standalone, NM_DedicatedServer, NM_ListenServer, NM_Client };
class UWorld : public UObject {
 public:
  bool IsPaused() const { return bPaused; }
  FAudioDeviceHandle GetAudioDevice() const { return {}; }
  template <typename T>
  T* GetSubsystem() const {
    return dynamic_cast<T*>(Subsystem);
  }
  bool bPaused = false;
  ENetMode NetMode = NM_Standalone;
  UTickableWorldSubsystem* Subsystem = nullptr;
};

class UActorComponent : public UObject {
 public:
  using Super = UActorComponent;
  virtual void OnRegister() {}
  virtual void BeginPlay() {}
  virtual void EndPlay(const EEndPlayReason::Type) {}
  virtual void TickComponent(float, ELevelTick, FActorComponentTickFunction*) {}
  void RegisterComponent() {}
  void AddTickPrerequisiteComponent(UActorComponent*) {}
  AActor* GetOwner() const { return Owner; }
  UWorld* GetWorld() const { return World; }
  bool IsNetMode(ENetMode Mode) const { return World->NetMode == Mode; }
  FActorComponentTickFunction PrimaryComponentTick;
  bool bTickInEditor = false;
  bool bAutoActivate = true;
  AActor* Owner = nullptr;
  UWorld* World = nullptr;
};

class USceneComponent : public UActorComponent {
 public:
  void SetupAttachment(USceneComponent*) {}
};

class AActor : public UObject {
 public:
  template <typename T>
  T* FindComponentByClass() const {
    return nullptr;
  }
  template <typename T, typename F>
  void ForEachComponent(bool, F&&) const {}
  USceneComponent* GetRootComponent() const { return nullptr; }
};

class UMorphTarget : public UObject {};
class USkeletalMesh : public UObject {
 public:
  TArray<TObjectPtr<UMorphTarget>> GetMorphTargets() const { return {}; }
};
class USkeletalMeshComponent : public USceneComponent {
 public:
  USkeletalMesh* GetSkeletalMeshAsset() const { return nullptr; }
  void SetMorphTarget(FName, float) {}
};

constexpr float INDEFINITELY_LOOPING_DURATION = 10000.0f;
enum class EVirtualizationMode { Disabled, PlayWhenSilent };
class USoundBase : public UObject {
 public:
  EVirtualizationMode VirtualizationMode = EVirtualizationMode::Disabled;
  virtual bool IsLooping() const { return false; }
  float GetDuration() const { return Duration; }
  float Duration = 0.0f;
};
class USoundWave : public USoundBase {
 public:
  bool bProcedural = false;
  int32 NumChannels = 1;
  TArray<int16> Decoded;
  int32 SampleRate = 0;
};
class USoundWaveProcedural : public USoundWave {
 public:
  void SetSampleRate(uint32) {}
  void QueueAudio(const uint8*, int32) {}
  void ResetAudio() {}
};

class ISourceBufferListener {
 public:
  virtual ~ISourceBufferListener() = default;
  struct FOnNewBufferParams {
    const float* AudioData = nullptr;
    int32 NumSamples = 0;
    int32 NumChannels = 0;
    int32 SampleRate = 0;
  };
  virtual void OnNewBuffer(const FOnNewBufferParams& Params) = 0;
  virtual void OnSourceReleased(const int32 SourceId) = 0;
};

class UAudioComponent : public USceneComponent {
 public:
  void SetSound(USoundBase* Given) { Sound = Given; }
  void Play(float = 0.0f) { bPlaying = bAudioDevice; }
  void Stop() { bPlaying = false; }
  void SetPaused(bool bGiven) { bPaused = bGiven; }
  void SetPitchMultiplier(float Given) { PitchMultiplier = Given; }
  bool IsPlaying() const { return bPlaying; }
  void SetSourceBufferListener(TSharedPtr<ISourceBufferListener> Given, bool) { Listener = Given; }
  TListeners<const UAudioComponent*, const USoundWave*, const float> OnAudioPlaybackPercentNative;
  TObjectPtr<USoundBase> Sound;
  float PitchMultiplier = 1.0f;
  bool bPlaying = false;
  bool bPaused = false;
  TSharedPtr<ISourceBufferListener> Listener;
};

namespace Audio {
struct FCaptureDeviceInfo {};
struct FAudioCaptureDeviceParams {};
using FOnAudioCaptureFunction = std::function<void(const void*, int32, int32, int32, double, bool)>;
// A microphone where there is an audio device; what it hears is handed to OnCapture.
struct FAudioCapture {
  FAudioCapture() { ++Made; }
  bool GetCaptureDeviceInfo(FCaptureDeviceInfo&) { return bAudioDevice; }
  bool OpenAudioCaptureStream(const FAudioCaptureDeviceParams&, FOnAudioCaptureFunction Given,
                              uint32) {
    OnCapture = Given;
    return bOpen = true;
  }
  bool StartStream() { return true; }
  bool StopStream() { return true; }
  bool CloseStream() { return !(bOpen = false); }
  bool IsStreamOpen() const { return bOpen; }
  bool bOpen = false;
  static inline int Made = 0;
  static inline FOnAudioCaptureFunction OnCapture;
};

struct FSampleBuffer {
  const USoundWave* Wave;
  const int16* GetData() const { return Wave->Decoded.GetData(); }
  int32 GetNumSamples() const { return Wave->Decoded.Num(); }
  int32 GetSampleRate() const { return Wave->SampleRate; }
  int32 GetNumChannels() const { return Wave->NumChannels; }
};

// Decodes in the third Update, and never without a device.
class FSoundWavePCMLoader {
 public:
  using FOnLoaded = std::function<void(const USoundWave*, const FSampleBuffer&)>;
  void LoadSoundWave(USoundWave* Given, FOnLoaded Callback) {
    Wave = Given;
    OnLoaded = Callback;
  }
  void Update() {
    if (++Updates == 3 && bAudioDevice) OnLoaded(Wave, FSampleBuffer{Wave});
  }

 private:
  USoundWave* Wave = nullptr;
  FOnLoaded OnLoaded;
  int Updates = 0;
};
}  // namespace Audio

class UDeveloperSettings : public UObject {
 public:
  virtual FName GetCategoryName() const = 0;
};

class UBlueprintAsyncActionBase : public UObject {
 public:
  virtual void Activate() {}
  void RegisterWithGameInstance(UObject*) {}
  void SetReadyToDestroy() { bReadyToDestroy = true; }
  bool bReadyToDestroy = false;
};
