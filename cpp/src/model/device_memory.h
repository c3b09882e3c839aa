// Memory of the device that a session computes on, where that is not the host, and twins of host
// memory in it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/span.h"
#include "base/status.h"

namespace talkface {

// Copies are in order on one queue of the device, on which the graph runs too; the host waits in
// synchronize() alone.
class DeviceMemory {
 public:
  virtual ~DeviceMemory() = default;
  // As ONNX Runtime calls it.
  [[nodiscard]] virtual const char* name() const = 0;
  [[nodiscard]] virtual int index() const = 0;
  // The queue, for ONNX Runtime (a cudaStream_t).
  [[nodiscard]] virtual void* queue() const = 0;

  virtual Status allocate(std::size_t bytes, void** out) = 0;
  virtual void release(void* memory) = 0;
  virtual Status to_device(void* destination, const void* source, std::size_t bytes) = 0;
  virtual Status to_host(void* destination, const void* source, std::size_t bytes) = 0;
  virtual Status synchronize() = 0;
  // Host memory that is copied from and to often.
  virtual void pin(void* memory, std::size_t bytes) = 0;
  virtual void unpin(void* memory) = 0;
};

// A piece of host memory and its twin on a device.
class DeviceTwin {
 public:
  static Status create(std::shared_ptr<DeviceMemory> device, Span<float> host,
                       std::unique_ptr<DeviceTwin>* out);
  ~DeviceTwin();
  DeviceTwin(const DeviceTwin&) = delete;
  DeviceTwin& operator=(const DeviceTwin&) = delete;

  [[nodiscard]] bool covers(const float* host) const {
    return host >= host_.begin() && host < host_.end();
  }
  [[nodiscard]] float* at(const float* host) const { return twin_ + (host - host_.begin()); }
  Status upload(const float* host, std::size_t count) {
    return device_->to_device(at(host), host, count * sizeof(float));
  }
  Status download(float* host, std::size_t count) {
    return device_->to_host(host, at(host), count * sizeof(float));
  }

 private:
  DeviceTwin(std::shared_ptr<DeviceMemory> device, Span<float> host)
      : device_(std::move(device)), host_(host) {}

  std::shared_ptr<DeviceMemory> device_;
  Span<float> host_;
  float* twin_ = nullptr;
};

// Memory of a CUDA device, through the CUDA runtime that ONNX Runtime's provider uses: found by
// name at run time, so that nothing is linked. `stream`: the host's cudaStream_t, or null for one
// of our own.
Status open_cuda_memory(int device, void* stream, std::shared_ptr<DeviceMemory>* out);

}  // namespace talkface
