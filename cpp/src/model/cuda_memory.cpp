#include <cstring>
#include <string>

#include "model/device_memory.h"
#include "model/dynamic_library.h"

namespace talkface {
namespace {

// Values of cudaMemcpyKind and of cudaStreamCreateWithFlags.
constexpr int kHostToDevice = 1;
constexpr int kDeviceToHost = 2;
constexpr unsigned kNonBlocking = 1;

// The functions of the CUDA runtime that we use, declared by ourselves: its headers are not
// needed, and a machine without CUDA must load us too.
#define TALKFACE_CUDA_FUNCTIONS(X)                                  \
  X(cudaSetDevice, (int))                                           \
  X(cudaMalloc, (void**, std::size_t))                              \
  X(cudaFree, (void*))                                              \
  X(cudaMemcpyAsync, (void*, const void*, std::size_t, int, void*)) \
  X(cudaStreamCreateWithFlags, (void**, unsigned))                  \
  X(cudaStreamDestroy, (void*))                                     \
  X(cudaStreamSynchronize, (void*))                                 \
  X(cudaHostRegister, (void*, std::size_t, unsigned))               \
  X(cudaHostUnregister, (void*))

struct CudaFunctions {
// NOLINTNEXTLINE(bugprone-macro-parentheses): a declarator takes none around its type
#define TALKFACE_CUDA_DECLARE(name, parameters) int(*name) parameters;
  TALKFACE_CUDA_FUNCTIONS(TALKFACE_CUDA_DECLARE)
#undef TALKFACE_CUDA_DECLARE
  const char* (*cudaGetErrorString)(int);
};

Status load(CudaFunctions* functions) {
  void* library = DynamicLibrary::open_system(DynamicLibrary::cuda_names());
  if (library == nullptr) {
    return {Code::kRuntimeMissing,
            "the CUDA runtime (libcudart, cudart64) was not found; install CUDA, or in Python "
            "pip install onnxruntime-gpu[cuda,cudnn]"};
  }
  const auto fetch = [&](const char* name, auto* out) {
    void* symbol = DynamicLibrary::symbol(library, name);
    std::memcpy(out, &symbol, sizeof(symbol));
    return symbol != nullptr;
  };
  bool complete = fetch("cudaGetErrorString", &functions->cudaGetErrorString);
#define TALKFACE_CUDA_FETCH(name, parameters) complete &= fetch(#name, &functions->name);
  TALKFACE_CUDA_FUNCTIONS(TALKFACE_CUDA_FETCH)
#undef TALKFACE_CUDA_FETCH
  if (complete) return {};
  return {Code::kRuntimeMissing, "the CUDA runtime lacks a function that is needed: update it"};
}

class CudaMemory : public DeviceMemory {
 public:
  CudaMemory(const CudaFunctions& functions, int device, void* stream)
      : cuda_(functions), device_(device), stream_(stream) {}

  ~CudaMemory() override {
    if (own_stream_ && select().ok()) cuda_.cudaStreamDestroy(stream_);
  }

  Status open() {
    Status status = select();
    if (!status.ok() || stream_ != nullptr) return status;
    status = check(cuda_.cudaStreamCreateWithFlags(&stream_, kNonBlocking), "create a stream");
    own_stream_ = status.ok();
    return status;
  }

  [[nodiscard]] const char* name() const override { return "Cuda"; }
  [[nodiscard]] int index() const override { return device_; }
  [[nodiscard]] void* queue() const override { return stream_; }

  Status allocate(std::size_t bytes, void** out) override {
    Status status = select();
    return status.ok() ? check(cuda_.cudaMalloc(out, bytes), "allocate device memory") : status;
  }

  void release(void* memory) override {
    if (select().ok()) cuda_.cudaFree(memory);
  }

  Status to_device(void* destination, const void* source, std::size_t bytes) override {
    return copy(destination, source, bytes, kHostToDevice);
  }

  Status to_host(void* destination, const void* source, std::size_t bytes) override {
    return copy(destination, source, bytes, kDeviceToHost);
  }

  Status synchronize() override {
    Status status = select();
    return status.ok() ? check(cuda_.cudaStreamSynchronize(stream_), "wait for the device")
                       : status;
  }

  // Only makes copies faster, so it may fail.
  void pin(void* memory, std::size_t bytes) override {
    if (select().ok()) cuda_.cudaHostRegister(memory, bytes, 0);
  }

  void unpin(void* memory) override {
    if (select().ok()) cuda_.cudaHostUnregister(memory);
  }

 private:
  // The runtime's current device is the thread's, and any thread may come.
  [[nodiscard]] Status select() const { return check(cuda_.cudaSetDevice(device_), "use device"); }

  Status copy(void* destination, const void* source, std::size_t bytes, int kind) {
    Status status = select();
    if (!status.ok()) return status;
    return check(cuda_.cudaMemcpyAsync(destination, source, bytes, kind, stream_), "copy");
  }

  [[nodiscard]] Status check(int error, const char* what) const {
    if (error == 0) return {};
    return {Code::kRuntimeFailed, std::string("CUDA cannot ") + what + " (device " +
                                      std::to_string(device_) +
                                      "): " + cuda_.cudaGetErrorString(error)};
  }

  CudaFunctions cuda_;
  int device_;
  void* stream_;
  bool own_stream_ = false;
};

}  // namespace

Status open_cuda_memory(int device, void* stream, std::shared_ptr<DeviceMemory>* out) {
  CudaFunctions functions{};
  Status status = load(&functions);
  if (!status.ok()) return status;
  auto memory = std::make_shared<CudaMemory>(functions, device, stream);
  status = memory->open();
  if (status.ok()) *out = std::move(memory);
  return status;
}

}  // namespace talkface
