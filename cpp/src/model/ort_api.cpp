#include "model/ort_api.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "model/dynamic_library.h"

#if defined(TALKFACE_LINKED_ONNXRUNTIME)
extern "C" const void* OrtGetApiBase();
#endif

namespace talkface::ort {
namespace {

// Head of ONNX Runtime's entry point (OrtApiBase).
struct ApiBase {
  const void* (*get_api)(std::uint32_t version);
  const char* (*get_version_string)();
};

using Entry = const ApiBase* (*)();

thread_local const LogSink* current_log = nullptr;

// Called by ONNX Runtime on the thread that runs it; nothing may escape.
void on_log(void* /*param*/, std::int32_t severity, const char* /*category*/, const char* /*id*/,
            const char* /*location*/, const char* message) {
  if (current_log == nullptr || severity < kLogWarning || message == nullptr) return;
  try {
    (*current_log)(severity > kLogWarning ? LogLevel::kError : LogLevel::kWarning,
                   std::string("ONNX Runtime: ") + message);
  } catch (...) {
    return;
  }
}

#if defined(TALKFACE_LINKED_ONNXRUNTIME)

Status find_entry(const std::string& path, std::string* where, void** /*handle*/, Entry* entry) {
  if (!path.empty()) {
    return {Code::kInvalidArgument,
            "this build of TalkFace has ONNX Runtime linked in: leave its path empty"};
  }
  *where = "the program";
  *entry = [] { return static_cast<const ApiBase*>(OrtGetApiBase()); };
  return {};
}

constexpr const char* kInstall = "link a newer one";

#else

constexpr const char* kInstall =
    "install it (pip install onnxruntime) or set TALKFACE_ONNXRUNTIME to the full path of "
    "libonnxruntime";

std::vector<std::string> candidates(const std::string& path) {
  if (!path.empty()) return {path};
  const std::string named = DynamicLibrary::environment("TALKFACE_ONNXRUNTIME");
  if (!named.empty()) return {named};
  std::vector<std::string> found;
  const std::string folder = DynamicLibrary::own_folder();
  if (folder.empty()) return found;
  for (const char* name : DynamicLibrary::private_names()) {
    const std::string file = (std::filesystem::u8path(folder) / name).u8string();
    if (DynamicLibrary::exists(file)) found.push_back(file);
  }
  return found;
}

Status find_entry(const std::string& path, std::string* where, void** handle, Entry* entry) {
  const std::vector<std::string> paths = candidates(path);
  if (paths.empty()) {
    return {Code::kRuntimeMissing, std::string("ONNX Runtime was not found; ") + kInstall};
  }
  *where = paths.front();
  std::string reason;
  *handle = DynamicLibrary::open(*where, &reason);
  if (*handle == nullptr) {
    return {Code::kRuntimeMissing,
            "cannot load ONNX Runtime from " + *where + " (" + reason + "); " + kInstall};
  }
  *entry = reinterpret_cast<Entry>(DynamicLibrary::symbol(*handle, "OrtGetApiBase"));
  return {};
}

#endif

}  // namespace

LogScope::LogScope(const LogSink& sink) : before_(current_log) { current_log = &sink; }

LogScope::~LogScope() { current_log = before_; }

Status Library::load(const std::string& path, std::shared_ptr<Library>* out) {
  std::shared_ptr<Library> library(new Library());
  Entry entry = nullptr;
  Status status = find_entry(path, &library->path_, &library->handle_, &entry);
  if (!status.ok()) return status;
  // The environment may outlive us and call back into this code, so it stays loaded.
  DynamicLibrary::pin_self();
  const ApiBase* base = entry != nullptr ? entry() : nullptr;
  if (base == nullptr) {
    return {Code::kRuntimeMissing, library->path_ + " is not ONNX Runtime; " + kInstall};
  }
  library->version_ = base->get_version_string();
  const void* table = base->get_api(kOrtApiVersion);
  if (table == nullptr) {
    return {Code::kRuntimeMissing, "ONNX Runtime " + library->version_ + " at " + library->path_ +
                                       " is older than 1.11; " + kInstall};
  }
  const auto* slots = static_cast<void* const*>(table);
#define TALKFACE_ORT_FETCH(slot, name, result, parameters) \
  std::memcpy(&library->functions_.name, &slots[slot], sizeof(void*));
  TALKFACE_ORT_SLOTS(TALKFACE_ORT_FETCH)
  if (library->at_least(1, 16)) {
    TALKFACE_ORT_LATER_SLOTS(TALKFACE_ORT_FETCH)
  }
#undef TALKFACE_ORT_FETCH
  status = library->check(library->api().CreateEnvWithCustomLogger(&on_log, nullptr, kLogWarning,
                                                                   "talkface", &library->env_),
                          "start ONNX Runtime");
  if (!status.ok()) return status;
  *out = std::move(library);
  return {};
}

Library::~Library() {
  if (env_ != nullptr) functions_.ReleaseEnv(env_);
  if (handle_ != nullptr) DynamicLibrary::close(handle_);
}

bool Library::at_least(int major, int minor) const {
  char* end = nullptr;
  const long found = std::strtol(version_.c_str(), &end, 10);
  const long after = *end == '.' ? std::strtol(end + 1, nullptr, 10) : 0;
  return found > major || (found == major && after >= minor);
}

Status Library::check(StatusObject* status, const char* what) const {
  if (status == nullptr) return {};
  std::string message = std::string("cannot ") + what + ": " + functions_.GetErrorMessage(status);
  functions_.ReleaseStatus(status);
  return {Code::kRuntimeFailed, std::move(message)};
}

bool Library::has_provider(const char* name) const {
  char** names = nullptr;
  int count = 0;
  if (!check(functions_.GetAvailableProviders(&names, &count), "list providers").ok()) return false;
  bool found = false;
  for (int i = 0; i < count; ++i) found = found || std::strcmp(names[i], name) == 0;
  const Status released =
      check(functions_.ReleaseAvailableProviders(names, count), "list providers");
  return found && released.ok();
}

}  // namespace talkface::ort
