// The part of ONNX Runtime's C interface that we use, declared by ourselves: its headers come with
// no wheel. The function table only ever grows, so a slot number is stable for good; kOrtApiVersion
// is the lowest version whose table holds every slot below (1.11: CUDA provider options). A test
// compares the slots with the official header when TALKFACE_ORT_HEADER names one (tests/abi).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/status.h"

namespace talkface::ort {

constexpr std::uint32_t kOrtApiVersion = 11;

// Opaque objects of ONNX Runtime.
struct Env;
struct StatusObject;
struct Session;
struct SessionOptions;
struct RunOptions;
struct Value;
struct MemoryInfo;
struct IoBinding;
struct TypeInfo;
struct TensorInfo;
struct Allocator;
struct CudaOptions;
struct TensorRtOptions;

using LogFunction = void (*)(void* param, std::int32_t severity, const char* category,
                             const char* id, const char* location, const char* message);

constexpr std::int32_t kFloat = 1;            // ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT
constexpr std::int32_t kOptimizeAll = 99;     // ORT_ENABLE_ALL
constexpr std::int32_t kArenaAllocator = 1;   // OrtArenaAllocator
constexpr std::int32_t kDeviceAllocator = 0;  // OrtDeviceAllocator
constexpr std::int32_t kDefaultMemory = 0;    // OrtMemTypeDefault
constexpr std::int32_t kLogWarning = 2;       // ORT_LOGGING_LEVEL_WARNING

// TALKFACE_ORT_SLOTS(X): X(slot, name, return type, parameters).
#define TALKFACE_ORT_SLOTS(X)                                                                   \
  X(2, GetErrorMessage, const char*, (const StatusObject*))                                     \
  X(4, CreateEnvWithCustomLogger, StatusObject*,                                                \
    (LogFunction, void*, std::int32_t, const char*, Env**))                                     \
  X(8, CreateSessionFromArray, StatusObject*,                                                   \
    (const Env*, const void*, std::size_t, const SessionOptions*, Session**))                   \
  X(10, CreateSessionOptions, StatusObject*, (SessionOptions**))                                \
  X(22, SetSessionLogSeverityLevel, StatusObject*, (SessionOptions*, int))                      \
  X(23, SetSessionGraphOptimizationLevel, StatusObject*, (SessionOptions*, std::int32_t))       \
  X(24, SetIntraOpNumThreads, StatusObject*, (SessionOptions*, int))                            \
  X(25, SetInterOpNumThreads, StatusObject*, (SessionOptions*, int))                            \
  X(30, SessionGetInputCount, StatusObject*, (const Session*, std::size_t*))                    \
  X(31, SessionGetOutputCount, StatusObject*, (const Session*, std::size_t*))                   \
  X(33, SessionGetInputTypeInfo, StatusObject*, (const Session*, std::size_t, TypeInfo**))      \
  X(34, SessionGetOutputTypeInfo, StatusObject*, (const Session*, std::size_t, TypeInfo**))     \
  X(36, SessionGetInputName, StatusObject*, (const Session*, std::size_t, Allocator*, char**))  \
  X(37, SessionGetOutputName, StatusObject*, (const Session*, std::size_t, Allocator*, char**)) \
  X(39, CreateRunOptions, StatusObject*, (RunOptions**))                                        \
  X(49, CreateTensorWithDataAsOrtValue, StatusObject*,                                          \
    (const MemoryInfo*, void*, std::size_t, const std::int64_t*, std::size_t, std::int32_t,     \
     Value**))                                                                                  \
  X(55, CastTypeInfoToTensorInfo, StatusObject*, (const TypeInfo*, const TensorInfo**))         \
  X(60, GetTensorElementType, StatusObject*, (const TensorInfo*, std::int32_t*))                \
  X(61, GetDimensionsCount, StatusObject*, (const TensorInfo*, std::size_t*))                   \
  X(62, GetDimensions, StatusObject*, (const TensorInfo*, std::int64_t*, std::size_t))          \
  X(68, CreateMemoryInfo, StatusObject*,                                                        \
    (const char*, std::int32_t, int, std::int32_t, MemoryInfo**))                               \
  X(69, CreateCpuMemoryInfo, StatusObject*, (std::int32_t, std::int32_t, MemoryInfo**))         \
  X(76, AllocatorFree, StatusObject*, (Allocator*, void*))                                      \
  X(78, GetAllocatorWithDefaultOptions, StatusObject*, (Allocator**))                           \
  X(92, ReleaseEnv, void, (Env*))                                                               \
  X(93, ReleaseStatus, void, (StatusObject*))                                                   \
  X(94, ReleaseMemoryInfo, void, (MemoryInfo*))                                                 \
  X(95, ReleaseSession, void, (Session*))                                                       \
  X(96, ReleaseValue, void, (Value*))                                                           \
  X(97, ReleaseRunOptions, void, (RunOptions*))                                                 \
  X(98, ReleaseTypeInfo, void, (TypeInfo*))                                                     \
  X(100, ReleaseSessionOptions, void, (SessionOptions*))                                        \
  X(124, AddFreeDimensionOverrideByName, StatusObject*,                                         \
    (SessionOptions*, const char*, std::int64_t))                                               \
  X(125, GetAvailableProviders, StatusObject*, (char***, int*))                                 \
  X(126, ReleaseAvailableProviders, StatusObject*, (char**, int))                               \
  X(130, AddSessionConfigEntry, StatusObject*, (SessionOptions*, const char*, const char*))     \
  X(133, RunWithBinding, StatusObject*, (Session*, const RunOptions*, const IoBinding*))        \
  X(134, CreateIoBinding, StatusObject*, (Session*, IoBinding**))                               \
  X(135, ReleaseIoBinding, void, (IoBinding*))                                                  \
  X(136, BindInput, StatusObject*, (IoBinding*, const char*, const Value*))                     \
  X(137, BindOutput, StatusObject*, (IoBinding*, const char*, const Value*))                    \
  X(165, AddRunConfigEntry, StatusObject*, (RunOptions*, const char*, const char*))             \
  X(170, SessionOptionsAppendExecutionProvider_TensorRT_V2, StatusObject*,                      \
    (SessionOptions*, const TensorRtOptions*))                                                  \
  X(171, CreateTensorRTProviderOptions, StatusObject*, (TensorRtOptions**))                     \
  X(172, UpdateTensorRTProviderOptions, StatusObject*,                                          \
    (TensorRtOptions*, const char* const*, const char* const*, std::size_t))                    \
  X(174, ReleaseTensorRTProviderOptions, void, (TensorRtOptions*))                              \
  X(204, SessionOptionsAppendExecutionProvider_CUDA_V2, StatusObject*,                          \
    (SessionOptions*, const CudaOptions*))                                                      \
  X(205, CreateCUDAProviderOptions, StatusObject*, (CudaOptions**))                             \
  X(206, UpdateCUDAProviderOptions, StatusObject*,                                              \
    (CudaOptions*, const char* const*, const char* const*, std::size_t))                        \
  X(208, ReleaseCUDAProviderOptions, void, (CudaOptions*))

// Slots that only a later ONNX Runtime has: 1.16. Null where the loaded one is older.
#define TALKFACE_ORT_LATER_SLOTS(X)                             \
  X(261, UpdateTensorRTProviderOptionsWithValue, StatusObject*, \
    (TensorRtOptions*, const char*, void*))                     \
  X(263, UpdateCUDAProviderOptionsWithValue, StatusObject*, (CudaOptions*, const char*, void*))

// The functions, by name, as read from the loaded library's table.
struct Functions {
// NOLINTNEXTLINE(bugprone-macro-parentheses): a declarator takes none around its type
#define TALKFACE_ORT_DECLARE(slot, name, result, parameters) result(*name) parameters;
  TALKFACE_ORT_SLOTS(TALKFACE_ORT_DECLARE)
  TALKFACE_ORT_LATER_SLOTS(TALKFACE_ORT_DECLARE)
#undef TALKFACE_ORT_DECLARE
};

#define TALKFACE_ORT_CHECK(slot, name, result, parameters) \
  static_assert((slot) <= 208, #name " lies past the table of API version 11");
TALKFACE_ORT_SLOTS(TALKFACE_ORT_CHECK)
#undef TALKFACE_ORT_CHECK
static_assert(sizeof(void*) == sizeof(void (*)()), "table entries are pointers");

// Sends ONNX Runtime's messages on this thread to a sink while it lives. The environment that ONNX
// Runtime logs through is one for the process, so it must not know any one model.
class LogScope {
 public:
  explicit LogScope(const LogSink& sink);
  ~LogScope();
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;

 private:
  const LogSink* before_;
};

// ONNX Runtime, loaded once for a model and unloaded with it.
class Library {
 public:
  // Loads by full path: `path`, else TALKFACE_ONNXRUNTIME, else a file beside this library. A bare
  // name is never searched for: systems carry older copies (anchors-sdk.md 7c, 8).
  static Status load(const std::string& path, std::shared_ptr<Library>* out);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  [[nodiscard]] const Functions& api() const { return functions_; }
  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] bool at_least(int major, int minor) const;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] Env* env() const { return env_; }
  [[nodiscard]] bool has_provider(const char* name) const;

  // Turns a status object into ours and releases it. Null is success.
  [[nodiscard]] Status check(StatusObject* status, const char* what) const;

 private:
  Library() = default;
  void* handle_ = nullptr;
  Functions functions_{};
  Env* env_ = nullptr;
  std::string version_;
  std::string path_;
};

}  // namespace talkface::ort
