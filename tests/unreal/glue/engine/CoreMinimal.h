// As much of the engine as the plugin's speech needs to run without one, over the C++ library.
#pragma once

#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "../../stubs/Core/HAL/Platform.h"

#define UCLASS(...)
#define USTRUCT(...)
#define UENUM(...)
#define UMETA(...)
#define UPROPERTY(...)
#define UFUNCTION(...)
#define GENERATED_BODY(...)
#define ENUM_CLASS_FLAGS(Enum)
#define TALKFACERUNTIME_API
#define TALKFACELIVELINK_API

inline bool IsInGameThread() { return true; }

template <typename F>
using TFunctionRef = std::function<F>;

template <typename T>
std::remove_reference_t<T>&& MoveTemp(T&& Value) {
  return static_cast<std::remove_reference_t<T>&&>(Value);
}

class FNoncopyable {
 public:
  FNoncopyable() = default;
  FNoncopyable(const FNoncopyable&) = delete;
  FNoncopyable& operator=(const FNoncopyable&) = delete;
};

template <typename T>
class TArray : public std::vector<T> {
 public:
  using std::vector<T>::vector;
  int32 Num() const { return static_cast<int32>(this->size()); }
  bool IsEmpty() const { return this->empty(); }
  void Reset() { this->clear(); }
  void Empty() { this->clear(); }
  T* GetData() { return this->data(); }
  const T* GetData() const { return this->data(); }
  T& operator[](int32 Index) { return this->at(static_cast<SIZE_T>(Index)); }
  const T& operator[](int32 Index) const { return this->at(static_cast<SIZE_T>(Index)); }
  void Add(const T& Item) { this->push_back(Item); }
  void AddUnique(const T& Item) {
    if (std::find(this->begin(), this->end(), Item) == this->end()) this->push_back(Item);
  }
  void Reserve(int32 Count) { this->reserve(static_cast<SIZE_T>(Count)); }
  void Append(const TArray& Other) { this->insert(this->end(), Other.begin(), Other.end()); }
  T& Add(T&& Item) { return this->emplace_back(std::move(Item)); }
  T& Last() { return this->back(); }
  void AddDefaulted() { this->emplace_back(); }
  void Append(const T* Items, int32 Count) { this->insert(this->end(), Items, Items + Count); }
  template <typename F>
  void RemoveAll(F&& Wrong) {
    this->erase(std::remove_if(this->begin(), this->end(), Wrong), this->end());
  }
  void RemoveAt(int32 Index) { this->erase(this->begin() + Index); }
  void SetNumUninitialized(int32 Count) { this->resize(static_cast<SIZE_T>(Count)); }
};

class FString {
 public:
  FString() = default;
  FString(const TCHAR* Given) : Text(Given) {}
  FString(const char* Given) : Text(Given, Given + std::strlen(Given)) {}
  FString& operator+=(const FString& Other) {
    Text += Other.Text;
    return *this;
  }
  bool Contains(const TCHAR* Other) const { return Text.find(Other) != Text.npos; }
  FString operator+(const TCHAR* Other) const { return FString(*this) += FString(Other); }
  const TCHAR* operator*() const { return Text.c_str(); }
  bool IsEmpty() const { return Text.empty(); }
  bool operator==(const FString& Other) const { return Text == Other.Text; }
  bool operator<(const FString& Other) const { return Text < Other.Text; }
  template <typename... A>
  static FString Printf(const TCHAR* Format, A...) {
    return FString(Format);
  }

 private:
  std::u16string Text;
};

inline std::string ToNarrow(const TCHAR* Text) {
  std::string Made;
  for (; *Text != 0; ++Text) Made.push_back(static_cast<char>(*Text));
  return Made;
}

inline std::u16string ToWide(const char* Text) { return {Text, Text + std::strlen(Text)}; }

class FTCHARToUTF8 {
 public:
  explicit FTCHARToUTF8(const TCHAR* Text) : Made(ToNarrow(Text)) {}
  const char* Get() const { return Made.c_str(); }
  int32 Length() const { return static_cast<int32>(Made.size()); }

 private:
  std::string Made;
};
#define TCHAR_TO_UTF8(Text) ToNarrow(Text).c_str()
#define UTF8_TO_TCHAR(Text) ToWide(Text).c_str()

class FName {
 public:
  FName() = default;
  FName(const TCHAR* Given) : Text(Given) {}
  explicit FName(const char* Given) : Text(Given) {}
  FName(const FString& Given) : Text(Given) {}
  FString ToString() const { return Text; }
  bool IsNone() const { return Text.IsEmpty(); }
  bool operator==(const FName& Other) const { return Text == Other.Text; }
  bool operator<(const FName& Other) const { return Text < Other.Text; }

 private:
  FString Text;
};

#define LOCTEXT(Key, Text) \
  FText {}
struct FText {
  static FText AsNumber(int32) { return {}; }
  static FText Format(const FText&, const FText&) { return {}; }
};

template <typename K, typename V>
struct TPair {
  bool operator==(const TPair&) const = default;
  K Key;
  V Value;
};

template <typename K, typename V>
class TMap : public TArray<TPair<K, V>> {
 public:
  V& Add(const K& Key, const V& Value) { return FindOrAdd(Key) = Value; }
  V& Add(const K& Key) { return FindOrAdd(Key) = V(); }
  const V* Find(const K& Key) const { return const_cast<TMap*>(this)->Find(Key); }
  bool RemoveAndCopyValue(const K& Key, V& Out) {
    const V* Found = Find(Key);
    if (Found == nullptr) return false;
    Out = *Found;
    this->RemoveAll([&Key](const TPair<K, V>& Each) { return Each.Key == Key; });
    return true;
  }
  V* Find(const K& Key) {
    for (TPair<K, V>& Each : *this) {
      if (Each.Key == Key) return &Each.Value;
    }
    return nullptr;
  }
  V& FindOrAdd(const K& Key) {
    if (V* Found = Find(Key)) return *Found;
    this->push_back({Key, V()});
    return this->back().Value;
  }
};

template <typename T>
class TSet : public std::set<T> {
 public:
  void Add(const T& Item) { this->insert(Item); }
  int32 Num() const { return static_cast<int32>(this->size()); }
};

template <typename T>
class TSharedRef;

template <typename T>
class TSharedPtr : public std::shared_ptr<T> {
 public:
  using std::shared_ptr<T>::shared_ptr;
  TSharedPtr(const std::shared_ptr<T>& Other) : std::shared_ptr<T>(Other) {}
  bool IsValid() const { return this->get() != nullptr; }
  T* Get() const { return this->get(); }
  void Reset() { this->reset(); }
  TSharedRef<T> ToSharedRef() const { return *this; }
};
template <typename T>
class TSharedRef : public TSharedPtr<T> {
 public:
  using TSharedPtr<T>::TSharedPtr;
  TSharedRef(const TSharedPtr<T>& Other) : TSharedPtr<T>(Other) {}
  T& Get() const { return **this; }
};

template <typename T>
struct TUniquePtr : std::unique_ptr<T> {
  using std::unique_ptr<T>::unique_ptr;
  bool IsValid() const { return this->get() != nullptr; }
  void Reset() { this->reset(); }
};
template <typename T>
TUniquePtr<T> MakeUnique() {
  return TUniquePtr<T>(new T());
}

template <typename T>
struct TWeakPtr : std::weak_ptr<T> {
  using std::weak_ptr<T>::weak_ptr;
  TSharedPtr<T> Pin() const { return this->lock(); }
  void Reset() { this->reset(); }
};

template <typename T, typename... A>
TSharedRef<T> MakeShared(A&&... Arguments) {
  return std::make_shared<T>(std::forward<A>(Arguments)...);
}

struct FMath {
  template <typename T>
  static T Min(T A, T B) {
    return std::min(A, B);
  }
  template <typename T>
  static T Clamp(T X, T Low, T High) {
    return std::clamp(X, Low, High);
  }
  template <typename T>
  static T Max(T A, T B) {
    return std::max(A, B);
  }
  static int32 RoundToInt(float X) { return static_cast<int32>(std::lround(X)); }
  static int64 RoundToInt64(double X) { return std::llround(X); }
};

struct FMemory {
  static void Memcpy(void* To, const void* From, SIZE_T Count) { std::memcpy(To, From, Count); }
};

struct FQuat {
  FQuat(double, double, double, double) {}
};

class FEvent {
 public:
  void Trigger() {
    const std::lock_guard<std::mutex> Lock(Gate);
    bSet = true;
    Changed.notify_one();
  }
  void Wait(uint32 Milliseconds) {
    std::unique_lock<std::mutex> Lock(Gate);
    Changed.wait_for(Lock, std::chrono::milliseconds(Milliseconds), [this] { return bSet; });
    bSet = false;
  }

 private:
  std::mutex Gate;
  std::condition_variable Changed;
  bool bSet = false;
};

struct FPlatformProcess {
  static void* GetDllHandle(const TCHAR* Path) { return dlopen(ToNarrow(Path).c_str(), RTLD_NOW); }
  static void FreeDllHandle(void* Library) { dlclose(Library); }
  static FEvent* GetSynchEventFromPool() { return new FEvent(); }
  static void ReturnSynchEventToPool(FEvent* Event) { delete Event; }
};

class FCriticalSection : public std::mutex {};

class FScopeLock {
 public:
  explicit FScopeLock(FCriticalSection* Section) : Lock(*Section) {}

 private:
  const std::lock_guard<std::mutex> Lock;
};

class FRunnable {
 public:
  virtual ~FRunnable() = default;
  virtual uint32 Run() = 0;
  virtual void Stop() = 0;
};

enum EThreadPriority { TPri_Normal };

class FRunnableThread {
 public:
  static FRunnableThread* Create(FRunnable* Given, const TCHAR*, uint32, EThreadPriority) {
    FRunnableThread* Made = new FRunnableThread();
    Made->Runnable = Given;
    Made->Thread = std::thread([Given] { Given->Run(); });
    return Made;
  }
  void Kill(bool) {
    Runnable->Stop();
    Thread.join();
  }

 private:
  FRunnable* Runnable = nullptr;
  std::thread Thread;
};

enum EObjectFlags { RF_Transactional = 8, RF_ClassDefaultObject = 16, RF_NeedLoad = 1024 };
constexpr EObjectFlags operator|(EObjectFlags A, EObjectFlags B) {
  return static_cast<EObjectFlags>(static_cast<int>(A) | static_cast<int>(B));
}

class FArchive;
struct UClass {};

struct FAssetRegistryTagsContext {
  template <typename T>
  void AddTag(const T& Tag) {
    Tags->Add(Tag.Value);
  }
  TSharedPtr<TArray<FString>> Tags = MakeShared<TArray<FString>>();
};

class UObject {
 public:
  using Super = UObject;
  struct FAssetRegistryTag {
    enum ETagType { TT_Hidden };
    FAssetRegistryTag(FName, const FString& InValue, ETagType) : Value(InValue) {}
    FString Value;
  };
  static FName SourceFileTagName() { return FName(u"AssetImportData"); }
  static UClass* StaticClass() { return nullptr; }
  virtual ~UObject() = default;
  virtual void PostInitProperties() {}
  virtual void Serialize(FArchive&) {}
  virtual void GetAssetRegistryTags(FAssetRegistryTagsContext) const {}
  void Modify() {
    if (OnModify) OnModify(*this);
  }
  bool HasAnyFlags(EObjectFlags) const { return false; }
  void SetFlags(EObjectFlags) {}
  void MarkPackageDirty() { bDirty = true; }
  bool bDirty = false;
  static inline std::function<void(UObject&)> OnModify;
  FString GetName() const { return FString(u"Name"); }
  FString GetPathName() const { return GetName(); }
  FName GetFName() const { return FName(u"Name"); }
};
