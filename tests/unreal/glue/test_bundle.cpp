// The plugin's own module and the import of a bundle, with the real library and bundles.
#include "Check.h"
#include "EditorReimportHandler.h"
#include "TalkFaceBundle.h"
#include "TalkFaceBundleFactory.h"
#include "TalkFaceModule.h"

namespace {

FString Name(const char* Text) { return FString(Text); }

UTalkFaceBundle* Import(UTalkFaceBundleFactory& Factory, const FString& Manifest) {
  FFeedbackContext Warn;
  bool bCancelled = true;
  UObject* Made = Factory.FactoryCreateFile(nullptr, nullptr, {}, RF_Transactional, Manifest, u"",
                                            &Warn, bCancelled);
  Expect(!bCancelled && Warn.Told == (Made == nullptr ? 1 : 0), "an import that fails says so");
  return static_cast<UTalkFaceBundle*>(Made);
}

bool Opens(const UTalkFaceBundle& Bundle) {
  FString Reason;
  return Bundle.GetSource().Open(Reason).IsValid();
}

void TestModule() {
  FTalkFaceModule* Module = FTalkFaceModule::Get();
  bDedicatedServer = true;
  Module->StartupModule();
  Expect(!Module->IsLibraryLoaded(), "a server loads no library");
  FString Reason;
  Expect(!FTalkFaceBundleSource::GetDefault().Open(Reason).IsValid() && !Reason.IsEmpty(),
         "without it nothing is opened, and a reason given");
  bDedicatedServer = false;
  Module->StartupModule();
  Expect(Module->IsLibraryLoaded() && LoggedErrors == 0, "a game loads it");
  Expect(FTalkFaceBundleSource::GetDefault().Open(Reason).IsValid(), "and opens its own bundle");
}

void TestImport(UTalkFaceBundleFactory& Factory, const FString& First, const FString& Second) {
  Expect(Factory.FactoryCanImport(First), "a manifest of a bundle is taken");
  UTalkFaceBundle* Bundle = Import(Factory, First);
  Expect(!Bundle->Licence.IsEmpty() && Bundle->LatencySeconds > 0.1f, "it is read");
  Expect(Opens(*Bundle), "the asset's files open");
  Expect(Bundle->GetSource().Files == Bundle->GetSource().Files, "and are not copied for it");
  FAssetRegistryTagsContext Context;
  Bundle->GetAssetRegistryTags(Context);
  Expect(Context.Tags->Last() == First, "the asset registry knows the file");

  TArray<FString> Files;
  Expect(Factory.CanReimport(Bundle, Files) && Files.Last() == First, "it can be imported anew");
  const float Before = Bundle->LatencySeconds;
  const auto Old = Bundle->GetSource().Files;
  Factory.SetReimportPaths(Bundle, {Second});
  Expect(Factory.Reimport(Bundle) == EReimportResult::Succeeded && Bundle->bDirty, "from a file");
  Expect(Bundle->LatencySeconds < Before && Bundle->GetSource().Files != Old, "that is another");
  FScopedTransaction::Undo();
  Expect(*Bundle->GetSource().Files == *Old && Opens(*Bundle), "an undo brings the files back");
}

void TestFailure(UTalkFaceBundleFactory& Factory, const FString& First) {
  UTalkFaceBundle* Bundle = Import(Factory, First);
  const auto Old = Bundle->GetSource().Files;
  Factory.SetReimportPaths(Bundle, {FString(u"/nowhere/manifest.json")});
  Expect(Factory.Reimport(Bundle) == EReimportResult::Failed, "a file that is gone is told");
  Expect(LoggedErrors == 1 && Bundle->GetSource().Files == Old, "and the asset stays as it was");
  Expect(FScopedTransaction::Undone.empty() && !Bundle->bDirty, "with nothing to undo");
  Expect(Import(Factory, u"/nowhere/manifest.json") == nullptr, "nothing comes of no files");
  TArray<FString> Files;
  UObject Other;
  Expect(!Factory.CanReimport(&Other, Files), "other assets are left to others");
  Expect(Factory.Reimport(&Other) == EReimportResult::Failed, "in any case");
}

}  // namespace

// Arguments: folder of a bundle; of a plugin as it is packaged; of another bundle.
int main(int, char** Arguments) {
  IPluginManager::Get().Plugin->BaseDir = Name(Arguments[2]);
  TestModule();
  UTalkFaceBundleFactory Factory((FObjectInitializer()));
  const FString First = FPaths::Combine(Name(Arguments[1]), u"manifest.json");
  TestImport(Factory, First, FPaths::Combine(Name(Arguments[3]), u"manifest.json"));
  TestFailure(Factory, First);
  std::printf("%d failures\n", Failures);
  return Failures == 0 ? 0 : 1;
}
