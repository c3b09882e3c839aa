// As much of modules, files and the editor as the import of a bundle and its undo need.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>

#include "Game.h"

#define TALKFACEEDITOR_API
#define DEFINE_LOG_CATEGORY(...)

struct FFolder {
  static std::filesystem::path Of(const FString& Path) { return ToNarrow(*Path); }
  static FString Name(const std::filesystem::path& Path) { return FString(Path.c_str()); }
};

struct FPaths {
  static FString Combine(const FString& A, const FString& B) {
    return FFolder::Name(FFolder::Of(A) / FFolder::Of(B));
  }
  static FString Combine(const FString& A, const FString& B, const FString& C) {
    return Combine(Combine(A, B), C);
  }
  static FString ConvertRelativePathToFull(const FString& Path) { return Path; }
  static FString GetPath(const FString& File) {
    return FFolder::Name(FFolder::Of(File).parent_path());
  }
  static FString GetCleanFilename(const FString& File) {
    return FFolder::Name(FFolder::Of(File).filename());
  }
};

struct FFileHelper {
  static bool LoadFileToArray(TArray<uint8>& Out, const TCHAR* File) {
    std::ifstream In(FFolder::Of(File), std::ios::binary);
    Out.assign(std::istreambuf_iterator<char>(In), {});
    return In.good() || In.eof();
  }
  static bool LoadFileToString(FString& Out, const TCHAR* File) {
    TArray<uint8> Bytes;
    const bool bRead = LoadFileToArray(Bytes, File);
    Out = FString(std::string(Bytes.begin(), Bytes.end()).c_str());
    return bRead;
  }
};

struct IFileManager {
  static IFileManager& Get() {
    static IFileManager Manager;
    return Manager;
  }
  void FindFiles(TArray<FString>& Out, const TCHAR* Pattern, bool, bool) {
    const std::filesystem::path Folder = FFolder::Of(Pattern).parent_path();
    if (!std::filesystem::is_directory(Folder)) return;
    for (const auto& Each : std::filesystem::directory_iterator(Folder)) {
      if (Each.is_regular_file()) Out.Add(FFolder::Name(Each.path().filename()));
    }
  }
};

// A plugin in the folder that a test names.
struct IPlugin {
  FString GetBaseDir() const { return BaseDir; }
  FString BaseDir;
};
struct IPluginManager {
  static IPluginManager& Get() {
    static IPluginManager Manager;
    return Manager;
  }
  TSharedPtr<IPlugin> FindPlugin(const FString&) const { return Plugin; }
  TSharedPtr<IPlugin> Plugin = MakeShared<IPlugin>();
};

class IModuleInterface {
 public:
  virtual ~IModuleInterface() = default;
  virtual void StartupModule() {}
  virtual void ShutdownModule() {}
};
struct FModuleManager {
  static FModuleManager& Get() {
    static FModuleManager Manager;
    return Manager;
  }
  template <typename T>
  T* GetModulePtr(const FName&) const {
    return static_cast<T*>(Module);
  }
  IModuleInterface* Module = nullptr;
};
// The program's one module.
#define IMPLEMENT_MODULE(Class, Name)           \
  static const bool bMade = [] {                \
    FModuleManager::Get().Module = new Class(); \
    return true;                                \
  }();

class FArchive {
 public:
  explicit FArchive(bool bInLoading) : bLoading(bInLoading) {}
  bool IsLoading() const { return bLoading; }
  TMap<FString, TArray<uint8>> Kept;

 private:
  const bool bLoading;
};
inline FArchive& operator<<(FArchive& Ar, TMap<FString, TArray<uint8>>& Map) {
  (Ar.IsLoading() ? Map : Ar.Kept) = Ar.IsLoading() ? Ar.Kept : Map;
  return Ar;
}

// Records what is modified while it lives, to be undone by Undo.
class FScopedTransaction {
 public:
  explicit FScopedTransaction(const FText&) {
    Undone.clear();
    UObject::OnModify = [](UObject& Object) {
      FArchive Saved(false);
      Object.Serialize(Saved);
      Undone.push_back({&Object, Saved.Kept});
    };
  }
  ~FScopedTransaction() { UObject::OnModify = nullptr; }
  void Cancel() { Undone.clear(); }
  static void Undo() {
    for (const auto& [Object, Kept] : Undone) {
      FArchive Loaded(true);
      Loaded.Kept = Kept;
      Object->Serialize(Loaded);
    }
  }
  static inline std::vector<std::pair<UObject*, TMap<FString, TArray<uint8>>>> Undone;
};

struct FAssetImportInfo {
  FString ToJson() const { return File; }
  FString File;
};
class UAssetImportData : public UObject {
 public:
  void Update(const FString& Given) { Source.File = Given; }
  void UpdateFilenameOnly(const FString& Given) { Source.File = Given; }
  FString GetFirstFilename() const { return Source.File; }
  void ExtractFilenames(TArray<FString>& Out) const { Out.Add(Source.File); }
  const FAssetImportInfo& GetSourceData() const { return Source; }

 private:
  FAssetImportInfo Source;
};

namespace ELogVerbosity {
enum Type { Error };
}
struct FFeedbackContext {
  template <typename... A>
  void Logf(ELogVerbosity::Type, const TCHAR*, const A&...) {
    ++Told;
  }
  int Told = 0;
};

struct FObjectInitializer {};
class UFactory : public UObject {
 public:
  using Super = UFactory;
  explicit UFactory(const FObjectInitializer&) {}
  virtual bool FactoryCanImport(const FString&) = 0;
  virtual UObject* FactoryCreateFile(UClass*, UObject*, FName, EObjectFlags, const FString&,
                                     const TCHAR*, FFeedbackContext*, bool&) = 0;
  UClass* SupportedClass = nullptr;
  TArray<FString> Formats;
  bool bCreateNew = true;
  bool bEditorImport = false;
  int32 ImportPriority = 0;
  static constexpr int32 DefaultImportPriority = 100;
};
namespace EReimportResult {
enum Type { Failed, Succeeded };
}
class FReimportHandler {
 public:
  virtual ~FReimportHandler() = default;
  virtual bool CanReimport(UObject*, TArray<FString>&) = 0;
  virtual void SetReimportPaths(UObject*, const TArray<FString>&) = 0;
  virtual EReimportResult::Type Reimport(UObject*) = 0;
};
